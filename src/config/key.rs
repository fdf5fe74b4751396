//! Reads the API key. It is read when needed, so that `extract` never runs a key command.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::ConfigError;
use super::program::{self, PATIENCE};
use super::text;
use crate::domain::Secret;

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
            Self::Command(words) => output_of(words)?,
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
fn output_of(words: &[String]) -> Result<Secret, ConfigError> {
    let Some((name, arguments)) = words.split_first() else {
        return Err(ConfigError::Key("misp.key_command is empty".into()));
    };
    let mut command = Command::new(name);
    // What a password store complains of may quote what it knows.
    command.args(arguments).stderr(Stdio::null());
    let output = program::output_of(command, PATIENCE).map_err(|error| {
        ConfigError::Key(match error.kind() {
            io::ErrorKind::TimedOut => format!(
                "{error}; run it in a terminal to see what it waits for, unlock the password manager first, or set \
                 misp.key_file instead"
            ),
            _ => format!("{name}: {error}"),
        })
    })?;
    if !output.status.success() {
        return Err(ConfigError::Key(format!(
            "{name} ended with {}; run misp.key_command in a terminal to see why",
            output.status
        )));
    }
    // Password stores print the key in the first line and notes below.
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(Secret::new(printed.trim_start().lines().next().unwrap_or_default()))
}

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
    use super::*;

    #[test]
    fn neither_arguments_nor_complaints_of_the_program_are_repeated() {
        let words = [
            "sh",
            "-c",
            "echo SECRET-ERROR >&2; echo SECRET-OUT; exit 3",
            "SECRET-ARGUMENT",
        ]
        .map(str::to_owned);
        let error = output_of(&words).unwrap_err().to_string();
        assert!(error.contains("sh ended with") && !error.contains("SECRET"), "{error}");
    }
}
