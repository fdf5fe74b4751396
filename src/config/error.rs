//! What can be wrong with a configuration. Messages say where the fault is and what to do; they never hold a secret.

use std::path::{Path, PathBuf};

use crate::domain::{Problem, Said};

/// A fault in the configuration.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ConfigError {
    #[error("cannot read {path}: {reason}")]
    Unreadable { path: PathBuf, reason: String },
    #[error("{path}:{line}: not TOML: {message}")]
    Syntax {
        path: PathBuf,
        line: usize,
        message: String,
    },
    #[error("{path}:{line}: unknown key `{key}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownKey {
        path: PathBuf,
        line: usize,
        key: String,
        near: Option<String>,
    },
    /// `allowed` says what the value may be.
    #[error("{path}:{line}: `{key}` is {shown}; allowed: {allowed}")]
    Value {
        path: PathBuf,
        line: usize,
        key: String,
        shown: String,
        allowed: String,
    },
    #[error("the environment variable {variable} is not usable; allowed: {allowed}")]
    Environment { variable: &'static str, allowed: String },
    /// Others can read a file that holds a key.
    #[error(
        "{path} holds a key and others can read it (mode {mode:03o}); run: chmod 600 {}",
        quoted(path)
    )]
    Exposed { path: PathBuf, mode: u32 },
    #[error("there is no profile `{name}`; {}", if known.is_empty() { "none is configured".to_owned() } else { format!("known: {}", known.join(", ")) })]
    UnknownProfile { name: String, known: Vec<String> },
    /// Two settings that exclude each other, or one that lacks another.
    #[error("{place}: {message}")]
    Conflict { place: String, message: String },
    /// The key could not be read from where the configuration says it is.
    #[error("cannot get the API key: {0}")]
    Key(String),
    /// What a server cannot be asked without.
    #[error("{0}")]
    Missing(Problem),
    #[error("no home folder is known for this user; set MISPIGEON_DATA_DIR to a folder for the state database")]
    NoHome,
    #[error("{}", several(.0))]
    Several(Vec<ConfigError>),
}

impl ConfigError {
    /// Puts all faults into one error; no faults are no error.
    pub(super) fn of(mut errors: Vec<Self>) -> Result<(), Self> {
        match (errors.pop(), errors.is_empty()) {
            (None, _) => Ok(()),
            (Some(only), true) => Err(only),
            (Some(last), false) => {
                errors.push(last);
                Err(Self::Several(errors))
            }
        }
    }

    /// Names the nearest of the known names.
    pub(super) fn unknown_key(path: &Path, line: usize, key: &str, names: impl Iterator<Item = &'static str>) -> Self {
        let last = key.rsplit('.').next().unwrap_or(key);
        let likeness = |name: &str| {
            // The section may be the wrong one: `distribution` at the top means `event.distribution`.
            let of_last = strsim::jaro_winkler(last, name.rsplit('.').next().unwrap_or(name)) - 0.05;
            strsim::jaro_winkler(key, name).max(of_last)
        };
        let near = if key.len() > 100 {
            None
        } else {
            names
                .map(|name| (likeness(name), name))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .filter(|(score, _)| *score > 0.75)
                .map(|(_, name)| name.to_owned())
        };
        Self::UnknownKey {
            path: path.to_owned(),
            line,
            key: key.chars().take(100).collect(),
            near,
        }
    }
}

impl From<&ConfigError> for Said {
    fn from(error: &ConfigError) -> Self {
        let problem = match error {
            ConfigError::UnknownProfile { name, .. } => Problem::NoProfile { name: name.clone() },
            ConfigError::Key(error) => Problem::NoApiKey { error: error.clone() },
            ConfigError::Missing(problem) => problem.clone(),
            other => Problem::Configuration {
                error: other.to_string(),
            },
        };
        problem.into()
    }
}

fn several(errors: &[ConfigError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-+~".contains(c));
    if plain {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
