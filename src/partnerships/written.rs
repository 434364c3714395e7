//! The fields of the forms about a partner, as texts: shown again as they were sent where something is wrong with them.

use chrono::NaiveDate;
use serde::Serialize;

use super::model::{Invitation, Partner, PartnerChange};
use crate::{
    bids::partner::{PartnerKind, PartnerPeople, TakingPart},
    error::{AppError, Fault},
    money::Pence,
    web::Form,
};

/// What a form about a partner holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The council's code.
    pub organisation: String,
    /// What kind of partner it is.
    pub kind: String,
    /// What it does.
    pub role: String,
    /// Its share in pounds, as typed.
    pub share: String,
    /// The first day: day, month and year.
    pub from: [String; 3],
    /// The last day.
    pub to: [String; 3],
    /// Its own money in pounds, as typed.
    pub cash: String,
    /// What it gives in kind.
    pub in_kind: String,
    /// What that is worth in pounds, as typed.
    pub in_kind_worth: String,
    /// Its sponsor's role.
    pub sponsor: String,
    /// Who answers for it, and whom to ask there.
    pub people: PartnerPeople,
}

impl Written {
    /// What was sent.
    pub fn of(form: &Form) -> Self {
        let day = |name: &str| ["day", "month", "year"].map(|part| form.text(&format!("{name}-{part}")));
        Self {
            organisation: form.text("organisation"),
            kind: form.text("kind"),
            role: form.text("role"),
            share: form.text("share_pence"),
            from: day("part-from_on"),
            to: day("part-to_on"),
            cash: form.text("part-cash_pence"),
            in_kind: form.text("part-in_kind"),
            in_kind_worth: form.text("part-in_kind_pence"),
            sponsor: form.text("sponsor"),
            people: PartnerPeople {
                sponsor_name: form.text("people-sponsor_name"),
                contact_name: form.text("people-contact_name"),
                contact_email: form.text("people-contact_email"),
            },
        }
    }

    /// What is kept of a partner.
    pub fn about(partner: &Partner) -> Self {
        Self {
            organisation: partner.code.clone(),
            kind: partner.kind.word().into(),
            role: partner.role.clone(),
            share: in_field(partner.share_pence),
            from: parts_of(partner.part.from_on),
            to: parts_of(partner.part.to_on),
            cash: in_field(partner.part.cash_pence),
            in_kind: partner.part.in_kind.clone(),
            in_kind_worth: in_field(partner.part.in_kind_pence),
            sponsor: partner.sponsor.clone(),
            people: partner.people.clone(),
        }
    }

    /// The invitation that the fields say, or everything that cannot be read.
    ///
    /// # Errors
    /// `Invalid` with the faults.
    pub fn invitation(&self) -> Result<Invitation, AppError> {
        let (share_pence, part) = self.read()?;
        let Self { organisation, role, sponsor, people, .. } = self.clone();
        Ok(Invitation { organisation, role, share_pence, sponsor, kind: self.kind(), part, people })
    }

    /// The change that the fields say, or everything that cannot be read.
    ///
    /// # Errors
    /// `Invalid` with the faults.
    pub fn change(&self) -> Result<PartnerChange, AppError> {
        let (share_pence, part) = self.read()?;
        let Self { role, sponsor, people, .. } = self.clone();
        Ok(PartnerChange {
            role: Some(role),
            share_pence: Some(share_pence),
            sponsor: Some(sponsor),
            kind: self.kind(),
            part: Some(part),
            people: Some(people),
        })
    }

    fn kind(&self) -> Option<PartnerKind> {
        PartnerKind::from_word(&self.kind)
    }

    fn read(&self) -> Result<(Pence, TakingPart), AppError> {
        let mut faults = Vec::new();
        let share = amount(&mut faults, "share_pence", &self.share, "Enter the share");
        let from_on = day(&mut faults, ("part/from_on", "first"), &self.from);
        let to_on = day(&mut faults, ("part/to_on", "last"), &self.to);
        let cash_pence = amount(&mut faults, "part/cash_pence", &self.cash, "Enter its own money");
        let in_kind_pence = amount(&mut faults, "part/in_kind_pence", &self.in_kind_worth, "Enter what it is worth");
        AppError::unless_empty(faults)?;
        Ok((share, TakingPart { from_on, to_on, cash_pence, in_kind_pence, in_kind: self.in_kind.clone() }))
    }
}

/// An amount as it stands in its field; nothing where it is none.
fn in_field(pence: Pence) -> String {
    if pence == Pence(0) { String::new() } else { pence.to_string().replace('£', "") }
}

fn parts_of(day: Option<NaiveDate>) -> [String; 3] {
    ["%-d", "%-m", "%Y"].map(|part| day.map(|day| day.format(part).to_string()).unwrap_or_default())
}

/// An amount in pounds; an empty field is none.
fn amount(faults: &mut Vec<Fault>, field: &str, text: &str, what: &str) -> Pence {
    let read = if text.is_empty() { Some(Pence(0)) } else { Pence::from_pounds(text) };
    if read.is_none() {
        faults.push(Fault::new(field, "wrong_amount", format!("{what} in pounds, such as 12,500 or 12,500.50.")));
    }
    read.unwrap_or_default()
}

/// A day; empty fields are none.
fn day(faults: &mut Vec<Fault>, (field, which): (&str, &str), parts: &[String; 3]) -> Option<NaiveDate> {
    if parts.iter().all(String::is_empty) {
        return None;
    }
    let [day, month, year] = parts;
    let year = year.parse().ok().filter(|year| (1900..=9999).contains(year));
    let read = year.and_then(|year| NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?));
    if read.is_none() {
        let message = format!("Enter the {which} day as a real date, such as 1 4 2027, or leave it empty.");
        faults.push(Fault::new(field, "unreadable", message));
    }
    read
}
