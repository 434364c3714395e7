//! What interviews speak of, and their pure rules.

mod new;
mod rows;
mod views;

pub use new::{Absence, Cancelling, ChangedSlot, Choosing, NewSlots};
pub use rows::{SeatRow, SlotRow, SlotState};
pub use views::{
    Appointment, BidInterview, FreeTime, InterviewInFull, InterviewSlides, Interviewer, MyInterview, MyInterviewScores,
    Seat, Slot, Timetable,
};
