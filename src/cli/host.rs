//! `mispigeon host`: native messaging on standard input and output, for the Thunderbird extension.

use std::path::Path;

use super::args::{Global, Host};
use super::failure::{Exit, Failure};
use crate::host::{self, Caller, HostError};

/// Runs the command.
pub fn run(global: &Global, arguments: &Host) -> Result<(), Failure> {
    let caller = match (&arguments.manifest, &arguments.extension) {
        (Some(manifest), Some(extension)) => Some(Caller {
            manifest: manifest.clone(),
            extension: extension.clone(),
        }),
        _ => None,
    };
    serve(caller.as_ref(), global.config.as_deref())
}

/// Serves until the input ends.
pub fn serve(caller: Option<&Caller>, config: Option<&Path>) -> Result<(), Failure> {
    host::run(caller, config).map_err(|error| {
        let exit = match error {
            HostError::Caller(_) => Exit::NoPermission,
            HostError::Frame(_) => Exit::Data,
        };
        Failure::new(exit, error)
    })
}
