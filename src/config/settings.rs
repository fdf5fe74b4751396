//! What follows from several settings together: the destination, the program's folders, the source of the API key, and
//! conflicts.

use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::key::KeySource;
use super::schema::{EventSettings, Misp, Paths, Settings};
use super::value::{Entry, Layer, Origin, Value};
use crate::domain::{Overrides, Target};

impl Default for Settings {
    /// The defaults, with the current folder as the data folder.
    #[expect(
        clippy::expect_used,
        reason = "only declared defaults are read, which the tests read as well"
    )]
    fn default() -> Self {
        let here = Entry {
            value: Value::from("."),
            origin: Origin::Default,
        };
        Self::read(Layer::from([("data_dir", here)])).expect("every default is allowed")
    }
}

impl Settings {
    /// Reads a merged layer. Refuses settings that exclude each other.
    pub(super) fn build(layer: Layer, file: Option<&Path>) -> Result<Self, ConfigError> {
        let keys = super::KEYS.iter().filter(|key| layer.contains_key(*key)).count();
        let settings = Self::read(layer)?;
        let fault = if keys > 1 {
            "only one of misp.key, misp.key_file, misp.key_command and misp.key_env can be set"
        } else if settings.destination == Target::Misp && settings.misp.url.is_none() {
            "`destination` is \"misp\" and `misp.url` is not set"
        } else if settings.event.distribution == 4 && settings.event.sharing_group.is_none() {
            "`event.distribution` is 4 (sharing group) and `event.sharing_group` is not set"
        } else if settings.rules_need_group() && settings.event.sharing_group.is_none() {
            "`distribution` of a rule is 4 (sharing group) and `event.sharing_group` is not set"
        } else if settings.paths.data.as_os_str().is_empty() {
            return Err(ConfigError::NoHome);
        } else {
            return Ok(settings);
        };
        Err(ConfigError::Conflict {
            place: file.map_or_else(|| "configuration".to_owned(), |file| file.display().to_string()),
            message: fault.to_owned(),
        })
    }

    fn rules_need_group(&self) -> bool {
        self.top.rules.iter().any(|rule| rule.distribution == Some(4))
    }

    /// Derives destination, rules and paths.
    pub(super) fn follow(&mut self) {
        let without_choice = if self.misp.url.is_some() {
            Target::Misp
        } else {
            Target::Feed
        };
        self.destination = self.top.destination.unwrap_or(without_choice);
        self.rules = super::keyword::all(&self.tags, &self.top.rules);
        let platform = || Some(super::folders()?.data_local_dir().to_owned());
        let data = self.top.data_dir.clone().or_else(platform).unwrap_or_default();
        self.paths = Paths {
            state_db: data.join("state.db"),
            feed: self.feed.dir.clone().unwrap_or_else(|| data.join("feed")),
            data,
        };
    }

    /// What a person should know about these settings.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        match (&self.misp.url, self.misp.key_source()) {
            (None, _) => notes.push(Note::NoServer(self.paths.feed.clone())),
            (Some(url), None) => notes.push(Note::NoKey(url.to_string())),
            (Some(_), Some(_)) => {}
        }
        if !self.misp.verify {
            notes.push(Note::NotVerified);
        }
        if self.misp.url.as_ref().is_some_and(|url| url.starts_with("http:")) {
            notes.push(Note::NotEncrypted);
        }
        notes
    }

    pub(super) fn origin(&self, key: &str) -> Origin {
        self.set
            .get(key)
            .map_or(Origin::Default, |Entry { origin, .. }| *origin)
    }
}

impl EventSettings {
    /// Whether a copy of the whole mail goes into the event of a submission. What came encrypted is not attached in the clear.
    pub fn attaches(&self, overrides: &Overrides) -> bool {
        self.attach_original && !overrides.decrypted
    }
}

impl Misp {
    /// `None` if no key is set.
    pub fn key_source(&self) -> Option<KeySource> {
        let inline = self.key.clone().map(KeySource::Inline);
        inline
            .or_else(|| self.key_file.clone().map(KeySource::File))
            .or_else(|| self.key_command.clone().map(KeySource::Command))
            .or_else(|| self.key_env.clone().map(KeySource::Environment))
    }

    /// Whether both reach the same server in the same way, with the same key.
    pub fn is_same_server(&self, other: &Self) -> bool {
        let files = |misp: &Self| [&misp.ca_file, &misp.client_cert, &misp.client_key].map(Clone::clone);
        let way = |misp: &Self| (misp.url.clone(), misp.key_source(), misp.verify, misp.pin, files(misp));
        way(self) == way(other)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// Has the feed folder.
    #[error("no server is set: events go to the feed in {}", .0.display())]
    NoServer(PathBuf),
    /// Has the server's address.
    #[error("{0}: no key is set")]
    NoKey(String),
    #[error("misp.verify is off: anybody between you and the server can read the API key")]
    NotVerified,
    #[error("misp.url is not encrypted: anybody between you and the server can read the API key")]
    NotEncrypted,
}

impl Note {
    /// The code for the extension.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NoServer(_) => "no_server",
            Self::NoKey(_) => "no_key",
            Self::NotVerified => "not_verified",
            Self::NotEncrypted => "not_encrypted",
        }
    }
}
