//! Open data: award lists as 360Giving, expressions of interest, who works with whom, what bidding took, scores
//! without names, rounds as CommonGrants, Atom and iCalendar.
//!
//! Every writer here is pure and writes what [`super::public`] holds; none reads the database. Addresses are stable, no
//! sign-in is asked, and entity tags and dates of change are made from the published bytes and instants alone.

pub mod answer;
pub mod atom;
pub mod commongrants;
pub mod csv;
pub mod eois;
pub mod hours;
pub mod icalendar;
pub mod partnerships;
pub mod rounds;
pub mod scores;
pub mod threesixty;
