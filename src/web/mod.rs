//! The web room: the layout that every page shares, the design system's components, assets, filters and form bodies.
//!
//! A page is a struct that implements [`Page`]; [`Renderer::html`] renders it inside the [`Layout`]. Everything works
//! without JavaScript. The room must never hold a rule of the field, open a transaction or build HTML by hand: markup
//! stands in `templates/`, and values are escaped there.

pub mod assets;
mod branding;
mod components;
pub mod errors;
mod escape;
mod filters;
pub mod form;
mod functions;
mod headers;
mod instant;
mod layout;
pub mod pages;
mod renderer;
mod upload;
mod visit;
mod written;

pub use branding::{Branding, Colour, UnusableColour};
pub use form::{Form, FormError};
pub use headers::security_headers;
pub use instant::WrittenInstant;
pub use layout::{FieldError, Flash, FlashKind, Layout, NavItem};
pub use renderer::{Page, RenderError, Renderer};
pub use upload::{PostedFile, SentFile};
pub use visit::{KeepForm, Open, Posted, Visit};
pub use written::Written;
