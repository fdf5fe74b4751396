//! Every setting as a form shows it: what is allowed, its value, and where the value comes from. Secrets have no value
//! here.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::error::ConfigError;
use super::schema::{self, Settings};
use super::setting::{Part, Setting};
use super::value::{Origin, Value};
use super::{Config, KEYS};

/// The settings of each part of the options page, in the order of the page.
pub fn options_page() -> BTreeMap<Part, Vec<&'static str>> {
    let mut parts: BTreeMap<Part, Vec<&'static str>> = BTreeMap::new();
    for setting in schema::settings() {
        if let Some(part) = setting.part {
            parts.entry(part).or_default().push(setting.key);
        }
    }
    parts
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// `flag`, `number`, `text`, `choice`, `url`, `uuid`, `path`, `secret`, `tlp`, `words` or `map`.
    pub shape: &'static str,
    /// `default`, `file`, `profile` or `environment`.
    pub origin: &'static str,
    /// Whether a form may change it.
    pub writable: bool,
    /// The value in force; null if the setting has none. Secrets have no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    /// Only for a secret: whether it is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<bool>,
    /// The value if the file does not set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The words to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<&'static [&'static str]>,
}

impl Config {
    /// All settings by dotted key, for a profile or the top level.
    pub fn fields(&self, profile: Option<&str>) -> Result<BTreeMap<&'static str, Field>, ConfigError> {
        let settings = self.profile(profile)?;
        let field = |setting: &'static Setting| (setting.key, self.field(setting, &settings, profile));
        let mut fields: BTreeMap<_, _> = schema::settings().map(field).collect();
        // A form has one field for the key, wherever the key is kept.
        let kept = KEYS.iter().find(|key| settings.set.contains_key(*key));
        if let (Some(kept), Some(field)) = (kept, fields.get_mut("misp.key")) {
            (field.set, field.origin) = (Some(true), self.origin(kept, &settings, profile));
        }
        Ok(fields)
    }

    fn field(&self, setting: &'static Setting, settings: &Settings, profile: Option<&str>) -> Field {
        let is_secret = setting.is_secret();
        let shown = |value: Option<&Value>| (!is_secret).then(|| value.map_or(Json::Null, Value::to_json));
        let set = settings.set.get(setting.key).map(|entry| &entry.value);
        Field {
            shape: setting.shape,
            origin: self.origin(setting.key, settings, profile),
            writable: setting.by_form,
            value: shown(set.or(setting.preset.as_ref())),
            set: is_secret.then_some(set.is_some()),
            default: shown(setting.preset.as_ref()),
            min: setting.bounds.map(|(low, _)| low),
            max: setting.bounds.map(|(_, high)| high),
            choices: Some(setting.choices).filter(|choices| !choices.is_empty()),
        }
    }

    fn origin(&self, key: &str, settings: &Settings, profile: Option<&str>) -> &'static str {
        let in_profile = || profile.and_then(|name| self.layers.profiles.get(name)?.get(key));
        match settings.origin(key) {
            Origin::Environment(_) => "environment",
            Origin::Line(_) if in_profile().is_some() => "profile",
            Origin::Line(_) => "file",
            Origin::Default => "default",
        }
    }
}
