//! Tests across modules: the program as a whole, several processes, servers outside of the crate.

// Functions that are no tests, such as the start of a child process, may panic as well.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[cfg(unix)]
mod again;
mod apple_mail;
#[cfg(unix)]
mod at_once;
mod child;
mod cli;
#[cfg(unix)]
mod delivery;
mod dns;
mod doctor;
mod double;
mod end_to_end;
mod events;
mod feed;
mod feed_check;
mod hidden_files;
mod install;
mod known_faults;
mod legacy;
mod misp;
mod mutated_files;
mod order;
mod outbox;
#[cfg(unix)]
mod parameters;
mod privacy;
mod program;
mod properties;
mod secrecy;
#[cfg(unix)]
mod storage;
#[cfg(target_os = "linux")]
mod systemd;
mod together;
