//! `status`: the configuration, and how much waits in the outbox.

use serde::Serialize;

use super::outbox::Backlog;
use super::{Call, Fault, PROGRAM, Profile};
use crate::config::{Config, ConfigError, Note, Settings};
use crate::domain::{Mode, Target};

#[derive(Serialize)]
pub struct Status {
    host: &'static str,
    config: Usable,
    /// Not known if the configuration cannot be used.
    destination: Option<Destination>,
    key_set: bool,
    profiles: Vec<String>,
    defaults: Defaults,
    outbox: Backlog,
    notes: Vec<&'static str>,
}

#[derive(Serialize)]
struct Usable {
    #[serde(flatten)]
    file: File,
    /// Why the configuration cannot be used.
    error: Option<String>,
    /// The command that mends it, if there is one.
    repair: Option<String>,
}

/// The configuration file, or where it would be.
#[derive(Serialize)]
pub struct File {
    file: Option<String>,
    exists: bool,
}

#[derive(Serialize)]
#[serde(tag = "target", rename_all = "lowercase")]
pub enum Destination {
    Misp { url: String },
    Feed { folder: String },
}

#[derive(Serialize)]
struct Defaults {
    mode: Mode,
    tlp: &'static str,
    distribution: u8,
}

/// An unusable configuration is part of the answer. The rest of the answer then has the defaults.
pub fn status(call: &Call<'_>, Profile { profile }: Profile) -> Result<Status, Fault> {
    let built = call.config().and_then(|config| {
        config.check()?;
        config.profile(profile.as_deref())
    });
    let unread = call.session.config_without_file();
    let (settings, error) = match built {
        Ok(settings) => (settings, None),
        Err(error) => (unread.profile(None).unwrap_or_default(), Some(error)),
    };
    let notes = if error.is_none() { settings.notes() } else { Vec::new() };
    let config = call.config().unwrap_or(&unread);
    Ok(Status {
        host: PROGRAM,
        config: Usable {
            file: File::of(config),
            repair: error.as_ref().and_then(ConfigError::repair),
            error: error.as_ref().map(ToString::to_string),
        },
        destination: error.is_none().then(|| Destination::of(&settings)),
        key_set: settings.misp.key_source().is_some_and(|source| source.is_there()),
        profiles: config.profiles().map(str::to_owned).collect(),
        defaults: Defaults {
            mode: settings.mail.mode,
            tlp: settings.tlp.default.tag(),
            distribution: settings.event.distribution,
        },
        outbox: Backlog::if_any(&settings)?,
        notes: notes.iter().map(Note::kind).collect(),
    })
}

impl File {
    pub fn of(config: &Config) -> Self {
        let file = config.place();
        Self {
            exists: file.as_ref().is_some_and(|file| file.exists()),
            file: file.map(|file| file.display().to_string()),
        }
    }
}

impl Destination {
    pub fn of(settings: &Settings) -> Self {
        match (settings.destination, &settings.misp.url) {
            (Target::Misp, Some(url)) => Self::Misp { url: url.to_string() },
            _ => Self::Feed {
                folder: settings.paths.feed.display().to_string(),
            },
        }
    }
}
