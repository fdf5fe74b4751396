//! Every setting as a form shows it: what it may be, what is in force, and where that comes from. Secrets are never among
//! the values.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::error::ConfigError;
use super::layer::{Entry, Origin, Value, preset};
use super::schema::{self, Setting, Shape};
use super::{Config, KEYS};

use crate::domain::TlpLevel;

/// One setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// `flag`, `number`, `text`, `choice`, `url`, `uuid`, `path`, `secret`, `tlp`, `words` or `map`.
    pub shape: &'static str,
    /// `default`, `file`, `profile` or `environment`.
    pub origin: &'static str,
    /// What is in force; null where it is not set. Secrets have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    /// Of a secret: whether there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<bool>,
    /// What holds when the file does not set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    /// Lowest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Highest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The words to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<&'static [&'static str]>,
}

impl Config {
    /// All settings of a profile, of the top level without one, by their dotted keys.
    pub fn fields(&self, profile: Option<&str>) -> Result<BTreeMap<&'static str, Field>, ConfigError> {
        let settings = self.profile(profile)?;
        let mut fields: BTreeMap<_, _> = schema::settings()
            .map(|setting| {
                let entry = settings.effective.get(setting.key);
                let origin = self.origin(setting.key, profile, entry);
                (setting.key, field(setting, entry, origin))
            })
            .collect();
        // To a form there is one key, wherever it is kept.
        let kept = KEYS.iter().find(|key| settings.effective.contains_key(*key));
        let origin = kept.map(|key| self.origin(key, profile, settings.effective.get(key)));
        if let (Some(origin), Some(field)) = (origin, fields.get_mut("misp.key")) {
            (field.set, field.origin) = (Some(true), origin);
        }
        Ok(fields)
    }

    fn origin(&self, key: &str, profile: Option<&str>, entry: Option<&Entry>) -> &'static str {
        let in_profile = || profile.and_then(|name| self.layers.profiles.get(name)?.get(key));
        match entry.map(|entry| entry.origin) {
            Some(Origin::Environment(_)) => "environment",
            Some(Origin::Line(_)) if in_profile().is_some() => "profile",
            Some(Origin::Line(_)) => "file",
            Some(Origin::Default) | None => "default",
        }
    }
}

fn field(setting: &Setting, entry: Option<&Entry>, origin: &'static str) -> Field {
    let is_secret = setting.shape == Shape::Secret;
    let (min, max) = match setting.shape {
        Shape::Number(low, high) => (Some(low), Some(high)),
        _ => (None, None),
    };
    let shown = |value: Option<&Value>| (!is_secret).then(|| value.map_or(Json::Null, json_of));
    Field {
        shape: name(setting.shape),
        origin,
        value: shown(entry.map(|entry| &entry.value)),
        set: is_secret.then_some(entry.is_some()),
        default: shown(preset(setting).as_ref()),
        min,
        max,
        choices: match setting.shape {
            Shape::Choice(words) => Some(words),
            Shape::Tlp => Some(&TlpLevel::TAGS),
            _ => None,
        },
    }
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Secret(_) => Json::Null,
        Value::Words(words) => json!(words),
        Value::Map(map) => map.iter().map(|(name, words)| (name.clone(), json!(words))).collect(),
    }
}

fn name(shape: Shape) -> &'static str {
    match shape {
        Shape::Flag => "flag",
        Shape::Number(..) => "number",
        Shape::Text => "text",
        Shape::Choice(_) => "choice",
        Shape::Url => "url",
        Shape::Uuid => "uuid",
        Shape::Path => "path",
        Shape::Secret => "secret",
        Shape::Tlp => "tlp",
        Shape::Words | Shape::Servers | Shape::Hosts | Shape::Patterns => "words",
        Shape::Map | Shape::TlpMap => "map",
    }
}
