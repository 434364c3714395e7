//! The pages of interviews: the round's timetable, one time with its panel and scores, the form of whoever sits on the panel, and the
//! councils' choice of a time and their slides.

mod council;
mod score;
mod slides;
mod slot;
mod timetable;

pub use council::{CouncilPage, calendar, choose, interview};
pub use score::{ScorePage, save, score};
pub use slides::{Bringing, Gone, add_slides, file, take_out_slides};
pub use slot::{SlotPage, act, slot};
pub use timetable::{TimetablePage, make, timetable};

use crate::{
    assessment::{interviews::model::Interviewer, pages::Choice},
    error::Fault,
    ids::{Id, PersonKey},
    web::Form,
};

/// Who can sit on a panel, as checkboxes.
fn panel_choices(people: &[Interviewer], chosen: &[String]) -> Vec<Choice> {
    let choice = |of: &Interviewer| {
        let value = of.person.to_string();
        Choice { text: of.name.clone(), hint: String::new(), chosen: chosen.contains(&value), value }
    };
    people.iter().map(choice).collect()
}

fn panel_of(form: &Form) -> Vec<Id<PersonKey>> {
    form.all("panel").iter().filter_map(|word| word.parse().ok()).collect()
}

/// The page has one field for the whole panel, and the instant in several.
fn in_its_field(fault: Fault) -> Fault {
    let field = match fault.field.as_str() {
        "starts_at" => "at-day".into(),
        field if field.starts_with("panel") => "panel".into(),
        _ => return fault,
    };
    Fault { field, ..fault }
}
