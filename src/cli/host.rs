//! `mispigeon host`: native messaging on standard input and output, for the Thunderbird extension.

use std::path::Path;

use super::args::{Global, HostCommand};
use super::failure::{Exit, Failure};
use super::memory;
use crate::native::{self, Caller, NativeError};

pub fn run(global: &Global, arguments: &HostCommand) -> Result<(), Failure> {
    let caller = match (&arguments.manifest, &arguments.extension) {
        (Some(manifest), Some(extension)) => Some(Caller {
            manifest: manifest.clone(),
            extension: extension.clone(),
        }),
        _ => None,
    };
    serve(caller.as_ref(), global.config.as_deref())
}

pub fn serve(caller: Option<&Caller>, config: Option<&Path>) -> Result<(), Failure> {
    memory::give_back();
    native::run(caller, config).map_err(|error| {
        let exit = match error {
            NativeError::Caller(_) => Exit::NoPermission,
            NativeError::Frame(_) => Exit::Data,
        };
        Failure::new(exit, error)
    })
}
