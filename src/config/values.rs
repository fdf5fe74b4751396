//! Typed access to the merged values, section by section.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use super::key::KeySource;
use super::layer::{Entry, Layer, Origin, Value, name_server, preset};
use super::schema;
use super::settings::{Dns, EventSettings, Feed, Hosts, MailSettings, Misp, Participants, Paths, Tlp};
use crate::domain::HostList;

use crate::domain::{Mode, Secret, TlpLevel};

/// Typed access to the merged values. The schema guarantees shape and presence; the fall-backs are never seen, which
/// `every_default_is_what_the_settings_hold` proves.
pub(super) struct Values {
    pub(super) entries: BTreeMap<&'static str, Entry>,
}

impl Values {
    pub(super) fn new(layer: &Layer) -> Self {
        let mut entries = layer.clone();
        for setting in schema::settings() {
            if let (false, Some(value)) = (entries.contains_key(setting.key), preset(setting)) {
                let origin = Origin::Default;
                entries.insert(setting.key, Entry { value, origin });
            }
        }
        Self { entries }
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        debug_assert!(schema::find(key).is_some(), "{key} is not in the schema");
        self.entries.get(key).map(|entry| &entry.value)
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Value::Flag(true)))
    }

    pub(super) fn number<N: TryFrom<i64>>(&self, key: &str) -> Option<N> {
        match self.value(key) {
            Some(Value::Number(number)) => N::try_from(*number).ok(),
            _ => None,
        }
    }

    pub(super) fn optional(&self, key: &str) -> Option<String> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    pub(super) fn text(&self, key: &str) -> String {
        self.optional(key).unwrap_or_default()
    }

    pub(super) fn secret(&self, key: &str) -> Option<Secret> {
        match self.value(key) {
            Some(Value::Secret(secret)) => Some(secret.clone()),
            _ => None,
        }
    }

    pub(super) fn words(&self, key: &str) -> Vec<String> {
        match self.value(key) {
            Some(Value::Words(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn map(&self, key: &str) -> Vec<(String, Vec<String>)> {
        match self.value(key) {
            Some(Value::Map(map)) => map.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn path(&self, key: &str) -> Option<PathBuf> {
        let text = self.optional(key)?;
        match text.strip_prefix("~/") {
            Some(below) => directories::BaseDirs::new().map(|dirs| dirs.home_dir().join(below)),
            None => Some(text.into()),
        }
    }

    pub(super) fn list(&self, key: &str) -> HostList {
        match self.value(key) {
            Some(Value::Words(words)) => HostList::new(words),
            _ => HostList::default(),
        }
    }

    pub(super) fn seconds(&self, key: &str) -> Duration {
        Duration::from_secs(self.number(key).unwrap_or(60))
    }

    pub(super) fn paths(&self) -> Paths {
        let platform =
            || directories::ProjectDirs::from("", "", "mispigeon").map(|dirs| dirs.data_local_dir().to_owned());
        let data = self.path("data_dir").or_else(platform).unwrap_or_default();
        Paths {
            state_db: data.join("state.db"),
            feed: self.path("feed.dir").unwrap_or_else(|| data.join("feed")),
            data,
        }
    }

    pub(super) fn misp(&self, url: Option<String>) -> Misp {
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
            freetext: self.flag("misp.freetext"),
        }
    }

    pub(super) fn feed(&self) -> Feed {
        let uuid = self.optional("feed.org_uuid");
        Feed {
            org_uuid: uuid.and_then(|text| Uuid::parse_str(&text).ok()),
            org: self.text("feed.org"),
        }
    }

    pub(super) fn mail(&self) -> MailSettings {
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

    pub(super) fn event(&self) -> EventSettings {
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

    pub(super) fn tlp(&self) -> Tlp {
        let of = |(tag, words): (String, Vec<String>)| {
            let level = TlpLevel::of_tag(&tag);
            words
                .into_iter()
                .filter_map(move |word| level.map(|level| (level, word)))
        };
        Tlp {
            default: TlpLevel::of_tag(&self.text("tlp.default")).unwrap_or(TlpLevel::Amber),
            spellings: self.map("tlp.spellings").into_iter().flat_map(of).collect(),
        }
    }

    pub(super) fn hosts(&self) -> Hosts {
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

    pub(super) fn dns(&self) -> Dns {
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
