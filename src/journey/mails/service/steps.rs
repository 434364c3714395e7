//! Which mails the workflow of a round sends at which of its steps.

use std::collections::BTreeSet;

use crate::{
    awards,
    db::Conn,
    error::Result,
    funds,
    ids::{Id, RoundKey},
    mail::texts::{self, Mail},
    workflow::{Definition, Transition},
};

/// The versions of a round's workflow whose mails may still go out: the newest, and those that bids follow.
pub struct Steps(Vec<Definition>);

/// A mail at a step that sends it.
pub struct Step<'a> {
    /// The version of the workflow.
    pub definition: &'a Definition,
    /// The step.
    pub transition: &'a Transition,
    /// The mail.
    pub mail: Mail,
}

impl Steps {
    /// Reads them, newest first.
    pub fn of(conn: &mut Conn, round: Id<RoundKey>) -> Result<Self> {
        let followed = awards::store::workflows_of_round(conn, round)?;
        let versions = funds::store::workflows_of_round(conn, round)?.into_iter().enumerate();
        let alive = versions.filter(|(age, (id, _))| *age == 0 || followed.contains(id));
        Ok(Self(alive.map(|(_, (_, definition))| definition).collect()))
    }

    /// Every mail at every step, each as the newest version that has it says.
    pub fn all(&self) -> Vec<Step<'_>> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for definition in &self.0 {
            for transition in &definition.transitions {
                let sent =
                    transition.mails().map(|named| awards::service::template_sent(definition, transition, named));
                for mail in sent.filter_map(texts::mail) {
                    if seen.insert((&transition.id, mail.template)) {
                        all.push(Step { definition, transition, mail });
                    }
                }
            }
        }
        all
    }

    /// The step that sends a mail: the one that is named, or the first.
    pub fn sending(&self, template: &str, transition: Option<&str>) -> Option<Step<'_>> {
        let mut all = self.all().into_iter().filter(|step| step.mail.template == template);
        all.find(|step| transition.is_none_or(|wanted| step.transition.id == wanted))
    }
}
