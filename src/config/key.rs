//! Reads the API key. It is read when needed, so that `extract` never runs a key command.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::error::ConfigError;
use super::text;
use crate::domain::Secret;

/// How long the program of `misp.key_command` may run.
const PATIENCE: Duration = Duration::from_secs(30);

/// The place of the API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In the configuration or in `MISPIGEON_MISP_KEY`.
    Inline(Secret),
    File(PathBuf),
    /// The output of a program, given with its arguments.
    Command(Vec<String>),
    /// The environment variable with this name.
    Environment(String),
}

impl KeySource {
    /// Whether there is anything at that place. No program is run to know.
    pub fn is_there(&self) -> bool {
        match self {
            Self::Inline(key) => !key.expose().is_empty(),
            Self::File(path) => path.metadata().is_ok_and(|file| file.len() > 0),
            Self::Command(words) => !words.is_empty(),
            Self::Environment(name) => std::env::var_os(name).is_some_and(|key| !key.is_empty()),
        }
    }

    pub fn read(&self) -> Result<Secret, ConfigError> {
        let key = match self {
            Self::Inline(key) => key.clone(),
            Self::File(path) => {
                refuse_exposed(path)?;
                let text =
                    text::read(path).map_err(|error| ConfigError::Key(format!("{}: {error}", path.display())))?;
                Secret::new(&text)
            }
            Self::Command(words) => output_of(words, PATIENCE)?,
            Self::Environment(name) => match std::env::var(name) {
                Ok(value) => Secret::new(&value),
                Err(_) => return Err(ConfigError::Key(format!("the environment variable {name} is not set"))),
            },
        };
        if key.expose().is_empty() {
            return Err(ConfigError::Key("it is empty".into()));
        }
        Ok(key)
    }
}

/// Runs the program and returns the first line of its output.
fn output_of(words: &[String], patience: Duration) -> Result<Secret, ConfigError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(ConfigError::Key("misp.key_command is empty".into()));
    };
    let failed = |error: io::Error| ConfigError::Key(format!("{program}: {error}"));
    // A thread per pipe would never end if a child of the program kept the pipe open.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let output = runtime.map_err(failed)?.block_on(async {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        // What a password store complains of may quote what it knows.
        command.stderr(Stdio::null()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return Ok(Err(error)),
        };
        let group = child.id();
        let output = tokio::time::timeout(patience, child.wait_with_output()).await;
        if output.is_err() {
            kill_group(group);
        }
        output
    });
    let Ok(output) = output else {
        return Err(ConfigError::Key(format!(
            "{program} did not end within {} seconds and was stopped; run it in a terminal to see what it waits for, unlock \
             the password manager first, or set misp.key_file instead",
            patience.as_secs()
        )));
    };
    let output = output.map_err(failed)?;
    if !output.status.success() {
        return Err(ConfigError::Key(format!(
            "{program} ended with {}; run misp.key_command in a terminal to see why",
            output.status
        )));
    }
    // Password stores print the key in the first line and notes below.
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(Secret::new(printed.trim_start().lines().next().unwrap_or_default()))
}

/// Ends a program and what it started, so that nothing is left behind.
#[cfg(unix)]
fn kill_group(leader: Option<u32>) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = leader.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(group) = group {
        // It fails if all have ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: Option<u32>) {}

/// Refuses a file that anybody but its owner can read or write.
#[cfg(unix)]
pub(super) fn refuse_exposed(path: &Path) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(facts) if facts.is_file() && facts.permissions().mode() & 0o077 != 0 => Err(ConfigError::Exposed {
            path: path.to_owned(),
            mode: facts.permissions().mode() & 0o777,
        }),
        _ => Ok(()),
    }
}

/// On other systems the rights of the home folder count.
#[cfg(not(unix))]
pub(super) fn refuse_exposed(_: &Path) -> Result<(), ConfigError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_stopped_with_a_word_on_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        // A child keeps the pipe open after the program is gone.
        let script = format!("sleep 60 & echo $$ $! > '{}'; wait", note.display());
        let started = Instant::now();
        let words = ["sh".to_owned(), "-c".to_owned(), script];
        let error = output_of(&words, Duration::from_secs(1)).unwrap_err().to_string();
        assert!(error.contains("sh did not end within 1 seconds"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
        let pid = std::fs::read_to_string(note).unwrap();
        for pid in pid.split_whitespace() {
            let process = Path::new("/proc").join(pid).join("status");
            // It is killed, but perhaps not reaped yet.
            let state = std::fs::read_to_string(process).unwrap_or_default();
            assert!(!state.contains("State:\tS"), "{state}");
        }
    }

    #[test]
    fn neither_arguments_nor_complaints_of_the_program_are_repeated() {
        let words = [
            "sh",
            "-c",
            "echo SECRET-ERROR >&2; echo SECRET-OUT; exit 3",
            "SECRET-ARGUMENT",
        ]
        .map(str::to_owned);
        let error = output_of(&words, PATIENCE).unwrap_err().to_string();
        assert!(error.contains("sh ended with") && !error.contains("SECRET"), "{error}");
    }
}
