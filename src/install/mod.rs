//! Connects the program with other programs, and removes the connection again: Thunderbird with its extension, which the program
//! carries inside, Apple Mail, Postfix and systemd.
//!
//! A [`Plan`] says from a description of the [`Platform`] what goes where, without looking at the machine; there is a file
//! here for each of these programs. [`carry_out`] and [`undo`] change the machine.

mod advice;
mod apple_mail;
mod apply;
mod error;
mod host_manifest;
mod main_cf;
mod owner;
mod platform;
mod postfix;
mod registry;
mod signed;
mod step;
mod systemd;
#[cfg(test)]
mod tests;
mod thunderbird;

pub use apple_mail::command as apple_mail_command;
pub use apply::{Change, carry_out, undo};
pub use error::InstallError;
pub use host_manifest::{program_of_ours, render as render_host_manifest};
pub use main_cf::{MainCf, Postconf};
pub use owner::Owner;
pub use platform::{Platform, System};
pub use postfix::{HandOver, Recipient};
pub use registry::{Registry, SystemRegistry};
pub use signed::Signed;
pub use step::{Plan, Scope, Step};
pub use systemd::check_units_are_disabled;
pub use thunderbird::FILTER_ACTION_ID;

/// The extension, as Thunderbird installs it.
pub static XPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon.xpi"));

/// The companion extension that gives Thunderbird's filters an action, as Thunderbird installs it.
pub static XPI_FILTER_ACTION: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon-filter.xpi"));

/// The parts of a machine that are changed by other means than files.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    /// The registry, on Windows.
    pub registry: &'a dyn Registry,
    /// Postfix's main.cf.
    pub main_cf: &'a dyn MainCf,
}
