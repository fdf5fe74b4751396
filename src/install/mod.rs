//! Connects the program with Thunderbird: the native messaging host manifest that lets the extension start the program,
//! and the extension itself, which the program carries inside.
//!
//! [`Plan`] decides from a description of the [`Platform`] what goes where, without looking at the machine;
//! [`carry_out`] and [`undo`] do it. What the extension and the program say to each other is no matter of this module.

mod advice;
mod apply;
mod error;
mod host_manifest;
mod plan;
mod platform;
mod registry;
#[cfg(test)]
mod tests;

pub use apply::{Change, carry_out, undo};
pub use error::InstallError;
pub use host_manifest::{program_of_ours, render as render_host_manifest};
pub use plan::{Plan, Scope, Step};
pub use platform::{Platform, System};
pub use registry::{RegExe, Registry};

/// The extension, as Thunderbird installs it.
pub static XPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mispigeon.xpi"));
