//! The program as a process: its settings, its end, and what it writes into its log.

mod queue;
mod replicas;
mod running;
mod settings;
