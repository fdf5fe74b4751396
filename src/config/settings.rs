//! The merged, validated values as the stages use them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use super::error::ConfigError;
use super::hosts::HostList;
use super::key::KeySource;
use super::layer::{Entry, Layer, Origin, Value, name_server, preset};
use super::patterns::Patterns;
use super::schema;
use crate::policy::tlp::Level;
use crate::{Mode, Secret};

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
    pub directives: Directives,
    /// API key of VirusTotal.
    pub virustotal_key: Option<Secret>,
    /// Each value with its origin, for `config show`.
    pub(super) effective: BTreeMap<&'static str, Entry>,
}

/// Where events go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Target {
    Misp,
    Feed,
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
    pub retries: u32,
    pub freetext: bool,
}

/// `[feed]`; the folder is [`Paths::feed`].
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Feed {
    pub org: String,
    pub org_uuid: Uuid,
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
#[allow(missing_docs)]
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
    pub default: Level,
    /// Words and what they mark.
    pub spellings: Vec<(Level, String)>,
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
#[allow(missing_docs, clippy::struct_excessive_bools)]
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

/// `[directives]`
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Directives {
    /// Empty: there are no directives.
    pub prefix: String,
    pub key: Option<Secret>,
    pub benign_keyword: String,
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
            Some("misp") => Target::Misp,
            Some(_) => Target::Feed,
            None if url.is_some() => Target::Misp,
            None => Target::Feed,
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
            directives: Directives {
                prefix: v.text("directives.prefix"),
                key: v.secret("directives.key"),
                benign_keyword: v.text("directives.benign_keyword"),
            },
            virustotal_key: v.secret("virustotal.key"),
            effective: std::mem::take(&mut v.entries),
        }
    }

    /// What a person should know about these settings.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match (&self.misp.url, &self.misp.key) {
            (None, _) => notes.push(format!(
                "no server is set: events go to the feed in {}",
                self.paths.feed.display()
            )),
            (Some(url), None) => notes.push(format!("{url}: no key is set")),
            (Some(_), Some(_)) => {}
        }
        if !self.misp.verify {
            notes.push("misp.verify is off: whoever sits in between can read the API key".into());
        }
        if self.misp.url.as_ref().is_some_and(|url| url.starts_with("http:")) {
            notes.push("misp.url is not encrypted: whoever sits in between can read the API key".into());
        }
        notes
    }
}

/// Typed access to the merged values. The schema guarantees shape and presence; the fall-backs are never seen, which
/// `every_default_is_what_the_settings_hold` proves.
pub(super) struct Values {
    entries: BTreeMap<&'static str, Entry>,
}

impl Values {
    fn new(layer: &Layer) -> Self {
        let mut entries = layer.clone();
        for setting in schema::settings() {
            if let (false, Some(value)) = (entries.contains_key(setting.key), preset(setting)) {
                let origin = Origin::Default;
                entries.insert(setting.key, Entry { value, origin });
            }
        }
        Self { entries }
    }

    fn value(&self, key: &str) -> Option<&Value> {
        debug_assert!(schema::find(key).is_some(), "{key} is not in the schema");
        self.entries.get(key).map(|entry| &entry.value)
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Value::Flag(true)))
    }

    fn number<N: TryFrom<i64>>(&self, key: &str) -> Option<N> {
        match self.value(key) {
            Some(Value::Number(number)) => N::try_from(*number).ok(),
            _ => None,
        }
    }

    fn optional(&self, key: &str) -> Option<String> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn text(&self, key: &str) -> String {
        self.optional(key).unwrap_or_default()
    }

    fn secret(&self, key: &str) -> Option<Secret> {
        match self.value(key) {
            Some(Value::Secret(secret)) => Some(secret.clone()),
            _ => None,
        }
    }

    fn words(&self, key: &str) -> Vec<String> {
        match self.value(key) {
            Some(Value::Words(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    fn map(&self, key: &str) -> Vec<(String, Vec<String>)> {
        match self.value(key) {
            Some(Value::Map(map)) => map.clone(),
            _ => Vec::new(),
        }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        let text = self.optional(key)?;
        match text.strip_prefix("~/") {
            Some(below) => directories::BaseDirs::new().map(|dirs| dirs.home_dir().join(below)),
            None => Some(text.into()),
        }
    }

    fn list(&self, key: &str) -> HostList {
        match self.value(key) {
            Some(Value::Words(words)) => HostList::new(words),
            _ => HostList::default(),
        }
    }

    fn seconds(&self, key: &str) -> Duration {
        Duration::from_secs(self.number(key).unwrap_or(60))
    }

    fn paths(&self) -> Paths {
        let platform =
            || directories::ProjectDirs::from("", "", "mispigeon").map(|dirs| dirs.data_local_dir().to_owned());
        let data = self.path("data_dir").or_else(platform).unwrap_or_default();
        Paths {
            state_db: data.join("state.db"),
            feed: self.path("feed.dir").unwrap_or_else(|| data.join("feed")),
            data,
        }
    }

    fn misp(&self, url: Option<String>) -> Misp {
        let inline = self.secret("misp.key").map(KeySource::Inline);
        let command = || {
            Some(self.words("misp.key_command"))
                .filter(|words| !words.is_empty())
                .map(KeySource::Command)
        };
        Misp {
            url,
            key: inline
                .or_else(|| self.path("misp.key_file").map(KeySource::File))
                .or_else(command)
                .or_else(|| self.optional("misp.key_env").map(KeySource::Environment)),
            verify: self.flag("misp.verify"),
            ca_file: self.path("misp.ca_file"),
            client_cert: self.path("misp.client_cert"),
            client_key: self.path("misp.client_key"),
            timeout: self.seconds("misp.timeout"),
            retries: self.number("misp.retries").unwrap_or_default(),
            freetext: self.flag("misp.freetext"),
        }
    }

    fn feed(&self) -> Feed {
        let org = self.text("feed.org");
        let derived = || Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("mispigeon organisation {org}").as_bytes());
        let given = self
            .optional("feed.org_uuid")
            .and_then(|text| Uuid::parse_str(&text).ok());
        Feed {
            org_uuid: given.unwrap_or_else(derived),
            org,
        }
    }

    fn mail(&self) -> MailSettings {
        MailSettings {
            mode: match self.text("mail.mode").as_str() {
                "sample" => Mode::Sample,
                "carrier" => Mode::Carrier,
                "auto" => Mode::Auto,
                _ => Mode::Report,
            },
            max_size: self.number("mail.max_size").unwrap_or(usize::MAX),
            depth: self.number("mail.depth").unwrap_or_default(),
            forward_markers: self.words("mail.forward_markers"),
        }
    }

    fn event(&self) -> EventSettings {
        EventSettings {
            prefix: self.text("event.prefix"),
            distribution: self.number("event.distribution").unwrap_or_default(),
            sharing_group: self.number("event.sharing_group"),
            threat_level: self.number("event.threat_level").unwrap_or(4),
            analysis: self.number("event.analysis").unwrap_or_default(),
            date_today: self.text("event.date") == "today",
            publish: self.flag("event.publish"),
            report: self.flag("event.report"),
            attach_original: self.flag("event.attach_original"),
            tags: self.words("event.tags"),
        }
    }

    fn tlp(&self) -> Tlp {
        let of = |(tag, words): (String, Vec<String>)| {
            let level = Level::of_tag(&tag);
            words
                .into_iter()
                .filter_map(move |word| level.map(|level| (level, word)))
        };
        Tlp {
            default: Level::of_tag(&self.text("tlp.default")).unwrap_or(Level::Amber),
            spellings: self.map("tlp.spellings").into_iter().flat_map(of).collect(),
        }
    }

    fn hosts(&self) -> Hosts {
        Hosts {
            exclude: self.list("hosts.exclude"),
            external: self.list("hosts.external"),
            internal: self.list("hosts.internal"),
            no_ids: self.list("hosts.no_ids"),
            shared: self.list("hosts.shared"),
            own: self.list("hosts.own"),
            participants: match self.text("hosts.participants").as_str() {
                "add" => Participants::Add,
                "no_ids" => Participants::NoIds,
                _ => Participants::Skip,
            },
        }
    }

    fn dns(&self) -> Dns {
        Dns {
            enabled: self.flag("dns.enabled"),
            name_servers: self
                .words("dns.name_servers")
                .iter()
                .filter_map(|word| name_server(word))
                .collect(),
            timeout: self.seconds("dns.timeout"),
        }
    }
}
