//! `settings.open`: opens the configuration file in the program that the desktop has for texts.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::settings::CHANGING;
use super::{Call, Fault, lock};
use crate::config::{EditError, render_sample, write_private};

/// How long an opener may take to say that it cannot. One that runs longer is the editor itself.
const SAYS_SO_WITHIN: Duration = Duration::from_millis(1500);

const LOOK_EVERY: Duration = Duration::from_millis(25);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {}

#[derive(Serialize)]
pub struct Opened {
    file: String,
    /// If not, a person can open the file by its path.
    opened: bool,
}

/// The path is the program's own: the extension names none. Works also if the file has faults, because it is opened to mend them.
pub fn open(call: &Call<'_>, _: Open) -> Result<Opened, Fault> {
    let changing = lock(&CHANGING);
    let path = call.session.config_without_file().place().ok_or(EditError::NoPlace)?;
    if !path.exists() {
        write_private(&path, &render_sample()).map_err(|source| EditError::Io {
            path: path.clone(),
            source,
        })?;
    }
    drop(changing);
    Ok(Opened {
        opened: opener(&path).spawn().is_ok_and(is_at_work),
        file: path.display().to_string(),
    })
}

/// The editor gets none of the pipes to the extension.
fn opener(path: &Path) -> Command {
    let mut command = if cfg!(target_os = "macos") {
        let mut open = Command::new("open");
        open.arg("-t");
        open
    } else if cfg!(windows) {
        Command::new("notepad.exe")
    } else {
        Command::new("xdg-open")
    };
    command
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    outlive_the_program(&mut command);
    command
}

/// Thunderbird ends all processes of the program's job together with it.
#[cfg(windows)]
fn outlive_the_program(command: &mut Command) {
    const CREATE_BREAKAWAY_FROM_JOB: u32 = 0x0100_0000;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_BREAKAWAY_FROM_JOB);
}

#[cfg(not(windows))]
fn outlive_the_program(_: &mut Command) {}

/// Whether the opener has opened the file, or still runs.
fn is_at_work(mut opener: Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < SAYS_SO_WITHIN {
        match opener.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => sleep(LOOK_EVERY),
            Err(error) => return error.kind() == io::ErrorKind::Interrupted,
        }
    }
    true
}
