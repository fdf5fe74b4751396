//! Connects the program with other programs, and disconnects it again: Thunderbird (with the extension, which is
//! compiled in), Apple Mail, Postfix and systemd.
//!
//! A [`Plan`] says what goes where, from a description of the [`Platform`] and without looking at the machine. There is
//! a file for each of the other programs. [`carry_out`] and [`undo`] change the machine.

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

pub static XPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon.xpi"));

/// The companion extension, which adds an action to Thunderbird's filters.
pub static XPI_FILTER_ACTION: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon-filter.xpi"));

/// The parts of a machine that are not plain files.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    /// Only used on Windows.
    pub registry: &'a dyn Registry,
    pub main_cf: &'a dyn MainCf,
}
