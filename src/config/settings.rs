//! The merged, validated values as the stages use them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use super::error::ConfigError;
use super::key::KeySource;
use super::layer::{Entry, Layer, Origin, Value};
use super::patterns::Patterns;
use super::values::Values;
use crate::domain::HostList;
use crate::domain::{Mode, Secret, Target, TlpLevel};
use crate::mail::DirectiveSettings;

/// Every setting, for one profile.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Settings {
    pub destination: Target,
    pub paths: Paths,
    pub misp: Misp,
    pub feed: Feed,
    pub mail: MailSettings,
    pub event: EventSettings,
    pub tlp: Tlp,
    pub tags: Tags,
    pub hosts: Hosts,
    pub text: Text,
    pub attachments: Attachments,
    pub warninglists: Warninglists,
    pub sightings: Sightings,
    pub dns: Dns,
    pub listen: Listen,
    pub directives: DirectiveSettings,
    /// API key of VirusTotal.
    pub virustotal_key: Option<Secret>,
    /// Each value with its origin, for `config show`.
    pub(super) effective: BTreeMap<&'static str, Entry>,
}

/// Folders and files of the program's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The data folder; it may not exist yet.
    pub data: PathBuf,
    /// The state database.
    pub state_db: PathBuf,
    /// The feed folder.
    pub feed: PathBuf,
}

/// `[misp]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Misp {
    /// Without a slash at the end.
    pub url: Option<String>,
    pub key: Option<KeySource>,
    pub verify: bool,
    pub ca_file: Option<PathBuf>,
    pub client_cert: Option<PathBuf>,
    pub client_key: Option<PathBuf>,
    pub timeout: Duration,
    pub freetext: bool,
}

/// `[listen]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Listen {
    /// Addresses, as written.
    pub lmtp: Vec<String>,
    pub smtp: Vec<String>,
    pub smtps: Vec<String>,
    pub name: Option<String>,
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// Profile to addresses and domains.
    pub profiles: Vec<(String, Vec<String>)>,
    pub only_known: bool,
    pub max_recipients: usize,
    pub max_connections: usize,
    pub patience: Duration,
}

/// `[feed]`; the folder is [`Paths::feed`].
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Feed {
    pub org: String,
    /// `None`: the feed makes one and keeps it.
    pub org_uuid: Option<Uuid>,
}

/// `[mail]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct MailSettings {
    pub mode: Mode,
    pub max_size: usize,
    pub depth: usize,
    pub forward_markers: Vec<String>,
}

/// `[event]`
#[derive(Clone, Debug)]
#[allow(missing_docs, clippy::struct_excessive_bools)]
pub struct EventSettings {
    pub prefix: String,
    pub distribution: u8,
    pub sharing_group: Option<u32>,
    pub threat_level: u8,
    pub analysis: u8,
    pub date_today: bool,
    pub publish: bool,
    pub report: bool,
    pub attach_original: bool,
    pub tags: Vec<String>,
}

/// `[tlp]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Tlp {
    pub default: TlpLevel,
    /// Words and what they mark.
    pub spellings: Vec<(TlpLevel, String)>,
}

/// `[tags]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Tags {
    pub with_hashes: Vec<String>,
    pub by_subject: Vec<(String, Vec<String>)>,
    pub implied: Vec<(String, Vec<String>)>,
}

/// What becomes of hosts of a report's sender and recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Participants {
    Skip,
    NoIds,
    Add,
}

/// `[hosts]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Hosts {
    pub exclude: HostList,
    pub external: HostList,
    pub internal: HostList,
    pub no_ids: HostList,
    pub shared: HostList,
    pub own: HostList,
    pub participants: Participants,
}

/// `[text]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Text {
    pub ignore_lines: Vec<String>,
    pub stop_word: Option<String>,
    pub subject_remove: Patterns,
}

/// `[attachments]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Attachments {
    pub skip_empty: bool,
    pub inline_images: bool,
    pub benign_text: bool,
}

/// `[warninglists]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Warninglists {
    pub enforce: bool,
    pub look_up: bool,
    pub skip: bool,
}

/// `[sightings]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Sightings {
    pub enabled: bool,
    pub source: String,
}

/// `[dns]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Dns {
    pub enabled: bool,
    /// Those of the system when empty.
    pub name_servers: Vec<SocketAddr>,
    pub timeout: Duration,
}

impl Default for Settings {
    /// The defaults, with the data folder of the platform or, where there is none, the current one.
    fn default() -> Self {
        let dot = Entry {
            value: Value::Text(".".into()),
            origin: Origin::Default,
        };
        Self::assemble(&mut Values::new(&Layer::from([("data_dir", dot)])))
    }
}

impl Settings {
    pub(super) fn build(layer: &Layer, file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut values = Values::new(layer);
        let settings = Self::assemble(&mut values);
        let place = || file.map_or_else(|| "configuration".to_owned(), |file| file.display().to_string());
        let conflict = |message: &str| ConfigError::Conflict {
            place: place(),
            message: message.to_owned(),
        };
        if super::KEYS.iter().filter(|key| layer.contains_key(*key)).count() > 1 {
            return Err(conflict(
                "only one of misp.key, misp.key_file, misp.key_command and misp.key_env can be set",
            ));
        }
        if settings.destination == Target::Misp && settings.misp.url.is_none() {
            return Err(conflict("`destination` is \"misp\" and `misp.url` is not set"));
        }
        if settings.event.distribution == 4 && settings.event.sharing_group.is_none() {
            return Err(conflict(
                "`event.distribution` is 4 (sharing group) and `event.sharing_group` is not set",
            ));
        }
        if settings.paths.data.as_os_str().is_empty() {
            return Err(ConfigError::NoHome);
        }
        Ok(settings)
    }

    fn assemble(v: &mut Values) -> Self {
        let url = v.optional("misp.url").map(|url| url.trim_end_matches('/').to_owned());
        let destination = match v.optional("destination").as_deref() {
            Some(word) if word != "misp" => Target::Feed,
            None if url.is_none() => Target::Feed,
            _ => Target::Misp,
        };
        Self {
            destination,
            paths: v.paths(),
            misp: v.misp(url),
            feed: v.feed(),
            mail: v.mail(),
            event: v.event(),
            tlp: v.tlp(),
            tags: Tags {
                with_hashes: v.words("tags.with_hashes"),
                by_subject: v.map("tags.by_subject"),
                implied: v.map("tags.implied"),
            },
            hosts: v.hosts(),
            text: Text {
                ignore_lines: v.words("text.ignore_lines"),
                stop_word: v.optional("text.stop_word").filter(|word| !word.is_empty()),
                subject_remove: Patterns::new(v.words("text.subject_remove")),
            },
            attachments: Attachments {
                skip_empty: v.flag("attachments.skip_empty"),
                inline_images: v.flag("attachments.inline_images"),
                benign_text: v.flag("attachments.benign_text"),
            },
            warninglists: Warninglists {
                enforce: v.flag("warninglists.enforce"),
                look_up: v.flag("warninglists.look_up"),
                skip: v.flag("warninglists.skip"),
            },
            sightings: Sightings {
                enabled: v.flag("sightings.enabled"),
                source: v.text("sightings.source"),
            },
            dns: v.dns(),
            listen: Listen {
                lmtp: v.words("listen.lmtp"),
                smtp: v.words("listen.smtp"),
                smtps: v.words("listen.smtps"),
                name: v.optional("listen.name").filter(|name| !name.trim().is_empty()),
                cert: v.path("listen.cert"),
                key: v.path("listen.key"),
                profiles: v.map("listen.profiles"),
                only_known: v.flag("listen.only_known"),
                max_recipients: v.number("listen.max_recipients").unwrap_or(100),
                max_connections: v.number("listen.max_connections").unwrap_or(200),
                patience: Duration::from_secs(v.number("listen.timeout").unwrap_or(300)),
            },
            directives: DirectiveSettings::new(
                v.text("directives.prefix"),
                v.secret("directives.key"),
                v.text("directives.benign_keyword"),
            ),
            virustotal_key: v.secret("virustotal.key"),
            effective: std::mem::take(&mut v.entries),
        }
    }

    /// What a person should know about these settings.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        match (&self.misp.url, &self.misp.key) {
            (None, _) => notes.push(Note::NoServer(self.paths.feed.clone())),
            (Some(url), None) => notes.push(Note::NoKey(url.clone())),
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
}

/// Something about the settings that a person should know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// Events go to this feed folder.
    #[error("no server is set: events go to the feed in {}", .0.display())]
    NoServer(PathBuf),
    /// Of this server.
    #[error("{0}: no key is set")]
    NoKey(String),
    /// Certificates are not verified.
    #[error("misp.verify is off: whoever sits in between can read the API key")]
    NotVerified,
    /// The server is asked over plain HTTP.
    #[error("misp.url is not encrypted: whoever sits in between can read the API key")]
    NotEncrypted,
}

impl Note {
    /// As the extension knows it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NoServer(_) => "no_server",
            Self::NoKey(_) => "no_key",
            Self::NotVerified => "not_verified",
            Self::NotEncrypted => "not_encrypted",
        }
    }
}
