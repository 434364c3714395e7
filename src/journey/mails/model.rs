//! What managers are told of their round's mails.

use serde::{Deserialize, Serialize};

use crate::{
    awards::readiness::Readers,
    clock::Moment,
    funds::model::Milestone,
    ids::{Id, PersonKey},
    mail::{
        Language,
        texts::{Mail, Name, Text, Words},
    },
    workflow::{Definition, Kind, Transition},
};

/// The mails of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RoundMails {
    /// The round's title.
    pub round: String,
    /// Whether it was cancelled, so that none of these mails goes out any more.
    pub cancelled: bool,
    /// Each mail at each step that sends it, in the order of the workflow.
    pub mails: Vec<RoundMail>,
}

/// A mail that a step of the workflow sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RoundMail {
    /// The transition.
    pub transition: String,
    /// Its words.
    pub label: String,
    /// The name of the template.
    pub template: String,
    /// What the mail is called.
    pub title: String,
    /// When it goes, in words.
    pub when: String,
    /// To whom, in words.
    pub to: String,
    /// Which bids are counted, in words.
    pub counted: String,
    /// Who would get it now; none where staff may not know, because drafts are private.
    pub readers: Option<Readers>,
    /// The languages in which the round has its own words for it.
    pub own: Vec<Language>,
    /// How many messages went out in the standard words because the round's own could not be used.
    pub fallen_back: i64,
}

/// Whom every one of these mails reaches.
pub const READERS: &str = "Everybody of the lead authority and of the partners that have confirmed";

/// When a transition sends its mails.
pub fn when(transition: &Transition) -> String {
    let title = |milestone: &String| {
        Milestone::from_word(milestone).map_or_else(|| milestone.clone(), |milestone| milestone.title().to_owned())
    };
    match (&transition.release, &transition.automatic_at) {
        (Some(release), _) => format!("When the outcomes at “{}” are released", title(release)),
        (None, Some(milestone)) => format!("By itself, at “{}”", title(milestone)),
        (None, None) if transition.is_decision() => "At once, when it is decided".to_owned(),
        (None, None) => "At once, when it is done".to_owned(),
    }
}

/// Which bids of a round a mail would be about now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Those about which it is decided and not yet released.
    Decided,
    /// Those that stand where the transition starts.
    Standing,
    /// Drafts, of which staff know nothing.
    Drafts,
}

impl Counted {
    /// Which they are for a transition.
    pub fn of(definition: &Definition, transition: &Transition) -> Self {
        let is_draft = |state: &String| definition.state(state).is_some_and(|state| state.kind == Kind::Draft);
        if transition.is_decision() && transition.release.is_some() {
            Self::Decided
        } else if transition.from.iter().all(is_draft) {
            Self::Drafts
        } else {
            Self::Standing
        }
    }

    /// The same in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Decided => "Of the bids that are decided so and not released yet",
            Self::Standing => "If it happened now to every submitted bid to which it can",
            Self::Drafts => "Not known beforehand: drafts are private",
        }
    }
}

/// One mail of a round in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MailText {
    /// The name of the template.
    pub template: String,
    /// What the mail is called.
    pub title: String,
    /// The language.
    pub language: Language,
    /// The number of the newest version; 0 where there was none yet. It is the ETag.
    pub version: i32,
    /// The round's own words; none where the standard ones are sent.
    pub words: Option<Words>,
    /// The standard words, which are in English.
    pub standard: Words,
    /// The names that words can use.
    pub names: Vec<MailName>,
    /// Every version, newest first.
    pub versions: Vec<MailVersion>,
}

/// A name that words can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MailName {
    /// The name.
    pub name: String,
    /// What stands in its place.
    pub meaning: String,
    /// When it is there, where that is not always.
    pub only: Option<String>,
}

impl From<Name> for MailName {
    fn from(name: Name) -> Self {
        Self { name: name.name.into(), meaning: name.meaning.into(), only: name.only.map(Into::into) }
    }
}

/// A version of the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MailVersion {
    /// Which, from 1.
    pub number: i32,
    /// The words; none where it went back to the standard ones.
    pub words: Option<Words>,
    /// Who wrote it; nobody where a program did.
    pub made_by: Option<String>,
    /// When.
    pub made_at: Moment,
}

impl MailText {
    /// A mail with its versions, newest first, and the names of those who wrote them.
    pub fn of(
        mail: Mail,
        language: Language,
        standard: Words,
        versions: &[Text],
        named: impl Fn(Id<PersonKey>) -> Option<String>,
    ) -> Self {
        let version = |text: &Text| MailVersion {
            number: text.number,
            words: text.words(),
            made_by: text.made_by.and_then(&named),
            made_at: text.made_at,
        };
        Self {
            template: mail.template.into(),
            title: mail.title.into(),
            language,
            version: versions.first().map_or(0, |newest| newest.number),
            words: versions.first().and_then(Text::words),
            standard,
            names: mail.names().into_iter().map(MailName::from).collect(),
            versions: versions.iter().map(version).collect(),
        }
    }
}

/// What a preview is asked with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewBody {
    /// The reference of the bid whose data is shown; the round's first if not said.
    #[serde(default)]
    pub bid: Option<String>,
    /// The transition that sends it; the first that does if not said.
    #[serde(default)]
    pub transition: Option<String>,
    /// Whether a partner reads it, and not the lead authority.
    #[serde(default)]
    pub partner: bool,
    /// Words that are not kept yet; those in force if not said.
    #[serde(default)]
    pub words: Option<Words>,
}

/// What a message would say. Nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MailPreview {
    /// The bid whose data is shown; none where the round has no bid that may be seen, and the data is made up.
    pub bid: Option<String>,
    /// The language of the words that this reader would get.
    pub language: Language,
    /// Whether they are the round's own.
    pub own: bool,
    /// The subject.
    pub subject: String,
    /// The part for readers of plain text.
    pub text: String,
    /// The same as a whole HTML document.
    pub html: String,
}

/// The same for a page of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What the message would say.
    #[serde(flatten)]
    pub message: MailPreview,
    /// Its body as the page shows it.
    pub body: String,
}
