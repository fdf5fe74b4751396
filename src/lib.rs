//! MISPigeon turns e-mails into MISP events.
//!
//! The stages, in the order in which a message passes them, are the modules [`mail`], [`privacy`], [`indicator`], [`enrich`],
//! [`policy`], [`event`], [`outbox`] and [`destination`]; [`pipeline`] calls them.
//! `mail`, `indicator`, `file`, `policy` and `event` are pure: the same bytes and the same configuration give
//! the same event, byte for byte.

pub mod cli;
pub mod config;
pub mod contents;
pub mod destination;
pub mod doctor;
pub mod domain;
pub mod enrich;
pub mod event;
mod faults;
pub mod file;
pub mod indicator;
pub mod install;
pub mod listen;
pub mod mail;
pub mod misp;
pub mod native;
pub mod outbox;
pub mod pipeline;
pub mod policy;
pub mod privacy;
