//! Faults of a configuration. A message says where the fault is and what to do. It never contains a secret.

use std::path::{Path, PathBuf};

use crate::domain::{Problem, Said};

#[derive(Debug, thiserror::Error)]
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
    /// `allowed` is in words.
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
    /// Others can read a file with a key in it.
    #[error(
        "{path} holds a key and others can read it (mode {mode:03o}); run: chmod 600 {}",
        quoted(path)
    )]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{} is not read, because {why}: who can change it decides which programs run and where keys go. Give it to yourself or to root, and let nobody else write to it or to the folders above it", path.display())]
    Untrusted { path: PathBuf, why: String },
    #[error("there is no profile `{name}`; {}", if known.is_empty() { "none is configured".to_owned() } else { format!("known: {}", known.join(", ")) })]
    UnknownProfile { name: String, known: Vec<String> },
    /// Two settings exclude each other, or one needs another.
    #[error("{place}: {message}")]
    Conflict { place: String, message: String },
    /// The key could not be read from the place that the configuration names.
    #[error("cannot get the API key: {0}")]
    Key(String),
    /// A setting is missing that requests to a server need.
    #[error("{0}")]
    Missing(Problem),
    #[error("no home folder is known for this user; set MISPIGEON_DATA_DIR to a folder for the state database")]
    NoHome,
    #[error("{}", several(.0))]
    Several(Vec<ConfigError>),
}

impl ConfigError {
    /// One error for all faults; `Ok` if there are none.
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

    /// The command that mends it, if there is one.
    pub fn repair(&self) -> Option<String> {
        match self {
            Self::Exposed { path, .. } => Some(format!("chmod 600 {}", quoted(path))),
            Self::Several(errors) => errors.iter().find_map(Self::repair),
            _ => None,
        }
    }

    /// Suggests the most similar name.
    pub(super) fn unknown_key(path: &Path, line: usize, key: &str, names: impl Iterator<Item = &'static str>) -> Self {
        let last = key.rsplit('.').next().unwrap_or(key);
        let likeness = |name: &str| {
            // The section may be missing or wrong: `distribution` at the top means `event.distribution`.
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

/// Quotes the path for a shell, if needed.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-+~".contains(c));
    if plain {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
