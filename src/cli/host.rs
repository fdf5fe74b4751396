//! `mispigeon host`: native messaging on standard input and output, for the Thunderbird extension.

use std::path::Path;

use super::args::{Global, HostCommand};
use super::failure::{Exit, Failure};
use crate::native::{self, Caller, NativeError};

/// Allocations of this size or more go back to the system when they are freed. Larger than a chunk of a message.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "4194304");

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
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    give_memory_back();
    native::run(caller, config).map_err(|error| {
        let exit = match error {
            NativeError::Caller(_) => Exit::NoPermission,
            NativeError::Frame(_) => Exit::Data,
        };
        Failure::new(exit, error)
    })
}

/// Replaces the process by the same program with a setting of the C library, so that large pieces of memory go back to
/// the system. By default, glibc raises that threshold with the first large message and then keeps what each worker
/// used. After four messages of 36 MB the process held 9.8 times the size of one, with the setting 4.6 times. The
/// library reads the setting only when a process starts. The restart takes 2 ms.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_memory_back() {
    use std::os::unix::process::CommandExt;
    let (name, value) = LARGE;
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
