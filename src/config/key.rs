//! Where the API key is, and the reading of it at the moment when it is needed: `extract` never runs a key command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::ConfigError;

use crate::domain::Secret;

/// Where the API key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In the configuration or in `MISPIGEON_MISP_KEY`.
    Inline(Secret),
    /// In a file of its own.
    File(PathBuf),
    /// Printed by this program with these arguments.
    Command(Vec<String>),
    /// In this environment variable.
    Environment(String),
}

impl KeySource {
    /// Reads the key.
    pub fn read(&self) -> Result<Secret, ConfigError> {
        let key = match self {
            Self::Inline(key) => key.clone(),
            Self::File(path) => {
                refuse_exposed(path)?;
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConfigError::Key(format!("{}: {error}", path.display())))?;
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

fn output_of(words: &[String]) -> Result<Secret, ConfigError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(ConfigError::Key("misp.key_command is empty".into()));
    };
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| ConfigError::Key(format!("{program}: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default();
        return Err(ConfigError::Key(format!(
            "{program} ended with {}: {said}",
            output.status
        )));
    }
    // Password stores print the key in the first line and notes below it.
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(Secret::new(printed.trim_start().lines().next().unwrap_or_default()))
}

/// Refuses a file that others than its owner can read or write.
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

/// Elsewhere the rights of the home folder decide.
#[cfg(not(unix))]
pub(super) fn refuse_exposed(_: &Path) -> Result<(), ConfigError> {
    Ok(())
}
