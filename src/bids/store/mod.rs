//! The SQL of bids.

mod bid;
mod lists;
mod parts;
mod versions;

pub use bid::{
    Heading, change_heading, change_lead, id_of, insert, load, mark_submitted, mark_withdrawn, move_to, next_reference,
    put_heading, touch, touch_if,
};
pub use lists::{Filter, Row, joined, of_round, own, withheld};
pub use parts::{answer, answers, costs, parts_of_partners, promises, put_answer, put_costs, put_promises};
pub use versions::{keep_version, standing_text, standing_texts, submitted, version, versions};
