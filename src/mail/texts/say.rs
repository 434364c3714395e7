//! What a message says: in the round's own words where it was written with them, else in the standard ones.

use super::model::Text;
use crate::{
    config::Web,
    mail::{
        outbox::Message,
        render::{self, RenderError, Rendered},
        with_service,
    },
};

/// A message with its data in its words.
#[derive(Debug, Clone)]
pub struct Said {
    /// Subject and parts.
    pub rendered: Rendered,
    /// Why the round's own words could not be used, if they could not.
    pub fell_back: Option<String>,
}

/// Renders a message with the version of the words that it names. Words are checked before they are kept; where they cannot be
/// used nevertheless, nobody goes without their message: it goes in the standard words, and staff see why.
///
/// # Errors
/// When the standard words cannot be rendered either.
pub fn say(message: &Message, own: Option<&Text>, web: &Web) -> Result<Said, RenderError> {
    let data = with_service(message.data.0.clone(), web);
    let words = own.and_then(|text| Some((text.words()?, text.language)));
    let fell_back = match words {
        Some((words, language)) => match render::render_own(&message.template, &words, language, &data) {
            Ok(rendered) => return Ok(Said { rendered, fell_back: None }),
            Err(fault) => Some(format!("the round’s own words could not be used, so the standard ones were: {fault}")),
        },
        None => None,
    };
    Ok(Said { rendered: render::render(&message.template, &data)?, fell_back })
}
