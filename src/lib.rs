//! Roundtable runs funding rounds for bids that several councils make together.
//!
//! # The map of the house
//!
//! A folder is a room; a room imports only rooms that stand before it in this list. `main`, `command` and `server` are
//! exempt: they put the house together. A test reads the `use crate::` lines and fails on an import that climbs.
//!
//! | room | what lives there |
//! |---|---|
//! | [`ids`] [`money`] [`clock`] [`actor`] [`error`] [`config`] | words that every room uses; no I/O. They carry their column types from [`db::columns`], the one thing of `db` that they know |
//! | [`db`] | the connection and its two doors, `read` and `write`; column types, schema, migrations |
//! | [`events`] | what happened: append-only, hash-chained history per bid, round, fund and organisation |
//! | [`jobs`] | work to do later: queue and worker |
//! | [`mail`] | messages: outbox, templates, a round's own words, transport |
//! | [`files`] | uploaded files: which are taken, where their bytes lie, and who looks for viruses in them |
//! | [`identity`] | people, organisations, memberships, conflicts, sign-in, tokens, and policy: who may do and see what |
//! | [`http`] | the app's state, middleware, extractors, problem+json, paging, ETag, idempotency |
//! | [`web`] | page layout, form components, flash messages |
//! | [`account`] | the faces of identity: sign-in pages, sessions, organisations and their people, API clients |
//! | [`workflow`] | the engine: definition, check, plan. Pure |
//! | [`funds`] | funds, rounds, milestones, forms, criteria, rules, questions and answers |
//! | [`bids`] | expressions of interest and full applications with their documents, how several councils write one, how many a council leads, and what the fund asks about one of them |
//! | [`partnerships`] | lead and partners: invitation, confirmation, sign-off, shares, what the round asks of them, and proposals of another lead, joining and becoming one bid |
//! | [`register`] | what already exists |
//! | [`assessment`] | the pool of assessors, which bids they would like to read, gateway checks, assignment, scores, flags and questions to the fund team, the sift, interviews, moderation, the ranking of record |
//! | [`approvals`] | what several people have to stand behind, and who does |
//! | [`awards`] | the list under a budget, decisions, feedback, announcement, award list, open data |
//! | [`projects`] | funded projects, what was promised beside what was delivered |
//! | [`journey`] | a bid's way through a round, across the rooms |
//! | [`demo`] | replays a real round through the same services |
//!
//! Inside a room: `model.rs` types and pure rules, `store.rs` SQL and nothing else, `service.rs` the use cases (the only
//! place that opens a transaction and asks policy), `api.rs` REST, `pages.rs` HTML.
//!
//! # Invariants
//!
//! 1. Nothing acknowledged is lost: success is answered only after a durable commit ([`db`]).
//! 2. One use case is one transaction: state, event, jobs and mail commit together or not at all.
//! 3. A deadline is an instant, checked inside the writing transaction against the instant at which the request's last
//!    byte arrived ([`http::call::Call::received`]); equal is in time.
//! 4. Nobody acts or reads without policy ([`identity::policy`]): what one may not know exists answers 404.
//! 5. A conflict of interest answers 404 in the assessing and deciding capacity everywhere.
//! 6. What decides a round is locked and hashed when the round opens ([`funds`]).
//! 7. History is only added to ([`events`]); `roundtable verify` finds what was changed.
//! 8. Before the instant of release nothing tells an outcome ([`awards`]).
//! 9. Money is whole pence ([`money::Pence`]).
//! 10. Mutations over REST accept an Idempotency-Key; versioned resources carry an ETag ([`http`]).
//! 11. Both databases behave the same: every test that opens a database runs on each.
//! 12. Every page works with JavaScript off.

pub mod account;
pub mod actor;
pub mod approvals;
pub mod assessment;
pub mod awards;
pub mod bids;
pub mod clock;
pub mod command;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod events;
pub mod files;
pub mod funds;
pub mod http;
pub mod identity;
pub mod ids;
pub mod jobs;
pub mod journey;
pub mod mail;
pub mod money;
pub mod partnerships;
pub mod projects;
pub mod register;
pub mod server;
pub mod web;
pub mod workflow;
