//! Connects the program with other programs, and parts them again: Thunderbird with its extension, which the program
//! carries inside, and Apple Mail.
//!
//! A [`Plan`] says from a description of the [`Platform`] what goes where, without looking at the machine; there is a file
//! here for each program that plans are made for. [`carry_out`] and [`undo`] do it. What the programs say to each other
//! then is no matter of this module.

mod advice;
mod apple_mail;
mod apply;
mod error;
mod host_manifest;
mod owner;
mod platform;
mod registry;
mod signed;
mod step;
#[cfg(test)]
mod tests;
mod thunderbird;

pub use apple_mail::command as apple_mail_command;
pub use apply::{Change, carry_out, undo};
pub use error::InstallError;
pub use host_manifest::render as render_host_manifest;
pub use owner::Owner;
pub use platform::{Platform, System};
pub use registry::{RegExe, Registry};
pub use signed::Signed;
pub use step::{Plan, Scope, Step};
pub use thunderbird::FILTER_ACTION_ID;

/// The extension, as Thunderbird installs it.
pub static XPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon.xpi"));

/// The companion extension that gives Thunderbird's filters an action, as Thunderbird installs it.
pub static XPI_FILTER_ACTION: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon-filter.xpi"));

/// What of a machine is changed otherwise than by files.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    /// The registry, on Windows.
    pub registry: &'a dyn Registry,
}
