//! `mispigeon host`: native messaging on standard input and output, for the Thunderbird extension.

use std::path::Path;

use super::args::{Global, HostCommand};
use super::failure::{Exit, Failure};
use crate::native::{self, Caller, NativeError};

/// Freed memory goes back to the system at once.
#[cfg(unix)]
const AT_ONCE: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "0");

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
    #[cfg(unix)]
    give_memory_back();
    native::run(caller, config).map_err(|error| {
        let exit = match error {
            NativeError::Caller(_) => Exit::NoPermission,
            NativeError::Frame(_) => Exit::Data,
        };
        Failure::new(exit, error)
    })
}

/// Replaces the process by the same program with a setting of its allocator, so that memory goes back to the system as soon as it is
/// free. By default each worker keeps what it freed until it works again. While a mail of 10 MB was read by one worker after another, the
/// process had at most 313 MB, with the setting 204 MB. The allocator reads it only when a process starts. The restart takes 2 ms.
#[cfg(unix)]
fn give_memory_back() {
    use std::os::unix::process::CommandExt;
    let (name, value) = AT_ONCE;
    if std::env::var_os(name).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let failed = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(name, value)
        .exec();
    tracing::debug!("the program could not start itself again, and returns memory to the system late: {failed}");
}
