//! Why a person may have a conflict of interest with a bid, from who they are and whom the bid names. Pure.
//!
//! Working for one of a bid's organisations is no suggestion: it is a conflict by itself. A supplier is no organisation of a bid: it
//! is what a cost line says in words, so that whoever these words name is asked.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    identity::model::folded,
    ids::{Id, OrganisationKey},
    words,
};

words! {
    /// What makes a conflict possible.
    pub enum GroundKind {
        /// They worked for an organisation of the bid, or for one whose work it does now.
        FormerOrganisation = "former_organisation",
        /// An organisation of the bid does the work of the one that they are known to work for.
        Successor = "successor",
        /// Their e-mail address is in the domain of an organisation of the bid.
        MailDomain = "mail_domain",
        /// They are called as somebody whom the bid names, or who has signed it.
        Name = "name",
        /// They have the e-mail address of somebody whom the bid names.
        Mail = "mail",
        /// What the bid pays a supplier for names an organisation for which they work or worked.
        Supplier = "supplier",
        /// What the bid pays a supplier for names them.
        SupplierName = "supplier_name",
    }
}

/// Why a conflict is possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConflictGround {
    /// What makes it possible.
    pub kind: GroundKind,
    /// The organisation of the bid that it is about, by its name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organisation: Option<String>,
    /// The same as a set-aside suggestion names it.
    #[serde(skip)]
    pub key: String,
}

impl ConflictGround {
    fn with(kind: GroundKind, (id, name): (Id<OrganisationKey>, &str)) -> Self {
        Self { kind, organisation: Some(name.to_owned()), key: format!("{kind} {id}") }
    }

    fn alone(kind: GroundKind) -> Self {
        Self { kind, organisation: None, key: kind.word().to_owned() }
    }

    /// The ground that a key stands for, with the organisations by their names as they are now; none for what is no key.
    pub(super) fn of_key(key: &str, names: &BTreeMap<Id<OrganisationKey>, String>) -> Option<Self> {
        let organisation = Self::organisation_of(key).and_then(|id| names.get(&id).cloned());
        let (word, _) = key.split_once(' ').unwrap_or((key, ""));
        Some(Self { kind: GroundKind::from_word(word)?, organisation, key: key.to_owned() })
    }

    /// The organisation that a key is about.
    pub(super) fn organisation_of(key: &str) -> Option<Id<OrganisationKey>> {
        key.split_once(' ').and_then(|(_, id)| id.parse().ok())
    }

    /// The ground in words that fit whoever it is about.
    pub fn words(&self) -> String {
        let of = self.organisation.as_deref().unwrap_or("one of the bid’s organisations");
        match self.kind {
            GroundKind::FormerOrganisation => format!("worked for {of}"),
            GroundKind::Successor => format!("works for an organisation whose work {of} does now"),
            GroundKind::MailDomain => format!("has an email address of {of}"),
            GroundKind::Name => "has the name of somebody whom the bid names".to_owned(),
            GroundKind::Mail => "has the email address of somebody whom the bid names".to_owned(),
            GroundKind::Supplier => format!("works or worked for {of}, which the bid’s costs name"),
            GroundKind::SupplierName => "has a name that the bid’s costs name".to_owned(),
        }
    }
}

/// Several grounds in one sentence, to be read after “Somebody”.
pub(super) fn in_words(grounds: &[ConflictGround]) -> String {
    grounds.iter().map(ConflictGround::words).collect::<Vec<_>>().join(", and ")
}

/// What is known of a person.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    /// What they are called, folded.
    pub name: String,
    /// Their e-mail address.
    pub mail: String,
    /// The organisations for which they worked, and those that do the work of these now.
    pub former: BTreeSet<Id<OrganisationKey>>,
    /// The organisations that do the work now of those for which they are known to work.
    pub successors: BTreeSet<Id<OrganisationKey>>,
    /// The organisations for which they work or worked, each with its name and with all that it is called, folded.
    pub employers: BTreeMap<Id<OrganisationKey>, Employer>,
}

/// An organisation for which somebody works or worked.
#[derive(Debug, Clone, Default)]
pub(super) struct Employer {
    pub name: String,
    pub called: BTreeSet<String>,
}

/// An organisation that leads a bid, is its partner or supports it.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub id: Id<OrganisationKey>,
    pub name: String,
    pub domain: Option<String>,
}

/// Whom a bid names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Its organisations.
    pub parties: Vec<Party>,
    /// What its contacts and sponsors and those who signed it are called, folded.
    pub people: BTreeSet<String>,
    /// The addresses of its contacts.
    pub mails: BTreeSet<String>,
    /// What its lines for suppliers say, folded.
    pub supplies: Vec<String>,
}

impl Names {
    /// Takes in somebody's name; what folds to nothing is no name.
    pub fn add(&mut self, name: &str) {
        let name = folded(name);
        if !name.is_empty() {
            self.people.insert(name);
        }
    }

    /// Takes in what a line for a supplier says.
    pub fn supply(&mut self, words: &str) {
        self.supplies.push(folded(words));
    }

    /// Whether a line for a supplier has this name in it, word for word.
    fn is_paid(&self, name: &str) -> bool {
        let has = |line: &String| format!(" {line} ").contains(&format!(" {name} "));
        !name.is_empty() && self.supplies.iter().any(has)
    }
}

/// Why somebody may have a conflict with a bid; nothing where there is no sign of one.
pub(super) fn grounds(who: &Who, bid: &Names) -> Vec<ConflictGround> {
    let domain = who.mail.rsplit_once('@').map(|(_, domain)| domain);
    let mut found = Vec::new();
    for party in &bid.parties {
        if who.former.contains(&party.id) {
            found.push(ConflictGround::with(GroundKind::FormerOrganisation, (party.id, &party.name)));
        }
        if who.successors.contains(&party.id) {
            found.push(ConflictGround::with(GroundKind::Successor, (party.id, &party.name)));
        }
        if domain.is_some() && domain == party.domain.as_deref() {
            found.push(ConflictGround::with(GroundKind::MailDomain, (party.id, &party.name)));
        }
    }
    if bid.people.contains(&who.name) {
        found.push(ConflictGround::alone(GroundKind::Name));
    }
    if bid.mails.contains(&who.mail) {
        found.push(ConflictGround::alone(GroundKind::Mail));
    }
    for (id, employer) in &who.employers {
        let is_party = bid.parties.iter().any(|party| party.id == *id);
        if !is_party && employer.called.iter().any(|name| bid.is_paid(name)) {
            found.push(ConflictGround::with(GroundKind::Supplier, (*id, &employer.name)));
        }
    }
    // One word alone, such as “Ash”, names too much.
    if who.name.contains(' ') && bid.is_paid(&who.name) {
        found.push(ConflictGround::alone(GroundKind::SupplierName));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Id<OrganisationKey> {
        Id::of(uuid::Uuid::from_u128(number))
    }

    fn party(number: u128, name: &str, domain: Option<&str>) -> Party {
        Party { id: id(number), name: name.into(), domain: domain.map(Into::into) }
    }

    fn bid() -> Names {
        let parties = vec![party(1, "Ambridge", Some("ambridge.gov.uk")), party(2, "Borchester", None)];
        let mut names = Names { parties, ..Names::default() };
        names.add("Jo Bloggs");
        names.add(" – ");
        names.mails.insert("contact@ambridge.gov.uk".into());
        names
    }

    fn kinds(who: &Who) -> Vec<(GroundKind, Option<String>)> {
        grounds(who, &bid()).into_iter().map(|ground| (ground.kind, ground.organisation)).collect()
    }

    #[test]
    fn whoever_has_nothing_to_do_with_a_bid_hears_of_nothing() {
        let who = Who { name: "ash alder".into(), mail: "ash@assessors.example".into(), ..Who::default() };
        assert_eq!(kinds(&who), []);
        assert_eq!(kinds(&Who::default()), [], "no name and no address are those of nobody");
    }

    #[test]
    fn each_sign_is_found_and_names_the_organisation_that_it_is_about() {
        let who = Who {
            name: folded("JO  bloggs"),
            mail: "contact@ambridge.gov.uk".into(),
            former: [id(2), id(9)].into(),
            successors: [id(1)].into(),
            ..Who::default()
        };
        let named = |name: &str| Some(name.to_owned());
        let expected = [
            (GroundKind::Successor, named("Ambridge")),
            (GroundKind::MailDomain, named("Ambridge")),
            (GroundKind::FormerOrganisation, named("Borchester")),
            (GroundKind::Name, None),
            (GroundKind::Mail, None),
        ];
        assert_eq!(kinds(&who), expected);
        let found = grounds(&who, &bid());
        assert!(
            in_words(&found).starts_with("works for an organisation whose work Ambridge does now, and has an email")
        );
        let keys: BTreeSet<&str> = found.iter().map(|ground| ground.key.as_str()).collect();
        assert_eq!(keys.len(), 5, "each can be set aside by itself");
    }

    #[test]
    fn whoever_a_line_for_a_supplier_names_word_for_word_may_have_a_conflict() {
        let mut bid = bid();
        bid.supply("Research by Acme & Sons Ltd., led by Ash Alder");
        let called = |name: &str| Employer { name: name.into(), called: [folded(name)].into() };
        let employers = [(id(5), called("Acme and Sons")), (id(6), called("Acme")), (id(7), called("Sons Limited"))];
        let who = Who { name: "ash alder".into(), employers: employers.into(), ..Who::default() };
        let found: Vec<_> = grounds(&who, &bid).into_iter().map(|ground| ground.key).collect();
        let expected = [format!("supplier {}", id(5)), format!("supplier {}", id(6)), "supplier_name".to_owned()];
        assert_eq!(found, expected);
        let partner = Who { employers: [(id(2), called("Acme"))].into(), ..Who::default() };
        assert_eq!(grounds(&partner, &bid).len(), 0, "what a bid pays its own partner is no supplier");
        let ash = Who { name: "ash".into(), ..Who::default() };
        assert_eq!(grounds(&ash, &bid).len(), 0);
    }

    #[test]
    fn a_domain_below_that_of_an_organisation_is_another() {
        let at = |mail: &str| kinds(&Who { mail: mail.into(), ..Who::default() }).len();
        assert_eq!((at("jo@ambridge.gov.uk"), at("jo@mail.ambridge.gov.uk"), at("jo@notambridge.gov.uk")), (1, 0, 0));
    }
}
