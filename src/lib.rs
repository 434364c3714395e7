//! Roundtable
