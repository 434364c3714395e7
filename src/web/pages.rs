//! The pages about the service itself, which are the same for everyone.

use serde::Serialize;

use super::Page;

/// Whose work the service carries, and under which licences.
#[derive(Debug, Serialize)]
pub struct Licences;

/// How accessible the service is, what is known to fall short and whom to tell.
#[derive(Debug, Serialize)]
pub struct Accessibility {
    /// Where to report a problem: an e-mail address.
    pub contact: String,
}

/// What the service keeps about people, why and for how long.
#[derive(Debug, Serialize)]
pub struct Privacy {
    /// Whom to ask about one's own data: an e-mail address.
    pub contact: String,
}

impl Page for Licences {
    const TEMPLATE: &'static str = "licences.html";
}
impl Page for Accessibility {
    const TEMPLATE: &'static str = "accessibility.html";
}
impl Page for Privacy {
    const TEMPLATE: &'static str = "privacy.html";
}
