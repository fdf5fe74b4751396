//! One layer of configuration: a TOML table held against the schema, each value with its line. It knows nothing of what
//! the values are for.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::schema::{self, Setting, Shape};
use crate::domain::HostList;

use crate::domain::{Secret, TlpLevel};

/// A checked value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Flag(bool),
    Number(i64),
    Text(String),
    /// Never shown, neither by `Debug`.
    Secret(Secret),
    Words(Vec<String>),
    Map(Vec<(String, Vec<String>)>),
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    Line(usize),
    Environment(&'static str),
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub value: Value,
    pub origin: Origin,
}

/// The values that a table sets, by dotted key.
pub(super) type Layer = BTreeMap<&'static str, Entry>;

/// The top level and the profiles of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    pub base: Layer,
    pub profiles: BTreeMap<String, Layer>,
}

/// Reads `source`; all faults are told at once.
pub(super) fn read(path: &Path, source: &str) -> Result<Layers, ConfigError> {
    let mut reader = Reader {
        path,
        lines: std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1))
            .collect(),
        errors: Vec::new(),
    };
    let table = DeTable::parse(source).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| reader.line(span.start)),
        message: error.message().to_owned(),
    })?;
    let mut layers = Layers::default();
    for (key, value) in table.get_ref() {
        if key.get_ref() == "profile" {
            reader.profiles(value, &mut layers);
        } else {
            reader.top(key, value, &mut layers.base);
        }
    }
    ConfigError::of(reader.errors)?;
    Ok(layers)
}

struct Reader<'a> {
    path: &'a Path,
    /// Offset of each line's first byte.
    lines: Vec<usize>,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    fn profiles(&mut self, value: &Spanned<DeValue>, layers: &mut Layers) {
        let DeValue::Table(profiles) = value.get_ref() else {
            return self.wrong("profile", value, "tables [profile.NAME]");
        };
        for (name, table) in profiles {
            let DeValue::Table(settings) = table.get_ref() else {
                self.wrong("profile", table, "tables [profile.NAME]");
                continue;
            };
            let layer = layers.profiles.entry(name.get_ref().to_string()).or_default();
            for (key, value) in settings {
                if key.get_ref() == "data_dir" {
                    self.wrong(
                        "data_dir",
                        value,
                        "at the top of the file, as all profiles share one state database",
                    );
                } else {
                    self.top(key, value, layer);
                }
            }
        }
    }

    /// A section, or a key outside of all sections.
    fn top(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue>, layer: &mut Layer) {
        let name: &str = key.get_ref();
        let is_section = schema::settings().any(|setting| schema::split(setting.key).0 == name && !name.is_empty());
        match (is_section, value.get_ref()) {
            (true, DeValue::Table(settings)) => {
                for (inner, value) in settings {
                    self.setting(&format!("{name}.{}", inner.get_ref()), inner.span().start, value, layer);
                }
            }
            (true, _) => self.wrong(name, value, &format!("a table [{name}]")),
            (false, _) => self.setting(name, key.span().start, value, layer),
        }
    }

    fn setting(&mut self, key: &str, at: usize, value: &Spanned<DeValue>, layer: &mut Layer) {
        let Some(setting) = schema::find(key) else {
            let error = ConfigError::unknown_key(self.path, self.line(at), key, value.get_ref().is_table());
            return self.errors.push(error);
        };
        match convert(setting.shape, value.get_ref()) {
            Ok(value) => {
                let origin = Origin::Line(self.line(at));
                layer.insert(setting.key, Entry { value, origin });
            }
            Err(allowed) => self.wrong(setting.key, value, &allowed),
        }
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue>, allowed: &str) {
        let shown = match value.get_ref() {
            // A key that was put into the wrong line is not shown either.
            DeValue::String(text) if holds_secret(key) || looks_like_key(text) => "text".into(),
            DeValue::String(text) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            other => other.type_str().to_owned(),
        };
        self.errors.push(ConfigError::Value {
            path: self.path.to_owned(),
            line: self.line(value.span().start),
            key: key.to_owned(),
            shown,
            allowed: allowed.to_owned(),
        });
    }
}

fn looks_like_key(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn holds_secret(key: &str) -> bool {
    schema::find(key).is_some_and(|setting| setting.shape == Shape::Secret)
}

/// Checks a value against its shape; the error says what is allowed.
fn convert(shape: Shape, value: &DeValue) -> Result<Value, String> {
    let allowed = || describe(shape);
    match (shape, value) {
        (Shape::Flag, DeValue::Boolean(flag)) => Ok(Value::Flag(*flag)),
        (Shape::Number(low, high), DeValue::Integer(number)) => {
            let text = number.as_str().replace('_', "");
            let number = i64::from_str_radix(&text, number.radix()).map_err(|_| allowed())?;
            if (low..=high).contains(&number) {
                Ok(Value::Number(number))
            } else {
                Err(allowed())
            }
        }
        (Shape::Words | Shape::Servers | Shape::Hosts | Shape::Patterns, DeValue::Array(_)) => {
            let words = words(value).ok_or_else(allowed)?;
            words.iter().try_for_each(|word| check_word(shape, word))?;
            Ok(Value::Words(words))
        }
        (Shape::Map | Shape::TlpMap, DeValue::Table(table)) => {
            let mut map = Vec::with_capacity(table.len());
            for (name, list) in table {
                let name = name.get_ref().to_string();
                if shape == Shape::TlpMap && TlpLevel::of_tag(&name).is_none() {
                    return Err(allowed());
                }
                map.push((name, words(list.get_ref()).ok_or_else(allowed)?));
            }
            Ok(Value::Map(map))
        }
        (
            Shape::Text | Shape::Choice(_) | Shape::Url | Shape::Uuid | Shape::Path | Shape::Secret | Shape::Tlp,
            DeValue::String(text),
        ) => {
            check_text(shape, text)?;
            Ok(text_value(shape, text))
        }
        _ => Err(allowed()),
    }
}

/// A checked text as a value.
pub(super) fn text_value(shape: Shape, text: &str) -> Value {
    if shape == Shape::Secret {
        Value::Secret(Secret::new(text))
    } else {
        Value::Text(text.to_owned())
    }
}

fn words(value: &DeValue) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}

pub(super) fn check_word(shape: Shape, word: &str) -> Result<(), String> {
    match shape {
        Shape::Hosts => HostList::check(word),
        Shape::Patterns => match regex::Regex::new(word) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!(
                "a regular expression without look-around or back-references ({error})"
            )),
        },
        Shape::Servers if name_server(word).is_none() => {
            Err(format!("an IP address with or without port, not \"{word}\""))
        }
        _ => Ok(()),
    }
}

/// An address with or without a port; 53 where none is given.
pub(super) fn name_server(word: &str) -> Option<std::net::SocketAddr> {
    let alone = word
        .parse::<std::net::IpAddr>()
        .map(|ip| std::net::SocketAddr::new(ip, 53));
    word.parse().or(alone).ok()
}

/// Checks a single text; also used for what comes from the environment.
pub(super) fn check_text(shape: Shape, text: &str) -> Result<(), String> {
    let fits = match shape {
        Shape::Choice(words) => words.contains(&text),
        Shape::Url => url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()),
        Shape::Uuid => uuid::Uuid::parse_str(text).is_ok(),
        Shape::Path | Shape::Secret => !text.trim().is_empty(),
        Shape::Tlp => TlpLevel::of_tag(text).is_some(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(describe(shape)) }
}

/// What a shape allows, in words.
pub(super) fn describe(shape: Shape) -> String {
    match shape {
        Shape::Flag => "true or false".into(),
        Shape::Number(low, high) => format!("a whole number from {low} to {high}"),
        Shape::Choice(words) => words.join(", "),
        Shape::Url => "a URL that begins with http:// or https://".into(),
        Shape::Uuid => "a uuid".into(),
        Shape::Path | Shape::Secret => "a text that is not empty".into(),
        Shape::Text => "a text".into(),
        Shape::Tlp => TlpLevel::TAGS.join(", "),
        Shape::Words | Shape::Hosts | Shape::Servers | Shape::Patterns => "a list of texts".into(),
        Shape::Map => "a table of lists of texts".into(),
        Shape::TlpMap => format!("a table from {} to lists of texts", TlpLevel::TAGS.join(", ")),
    }
}

/// The default of a setting.
pub(super) fn preset(setting: &Setting) -> Option<Value> {
    use super::schema::Preset;
    Some(match setting.preset {
        Preset::Unset(_) => return None,
        Preset::Flag(flag) => Value::Flag(flag),
        Preset::Number(number) => Value::Number(number),
        Preset::Text(text) => Value::Text(text.to_owned()),
        Preset::Words(words) => Value::Words(words.iter().map(|&word| word.to_owned()).collect()),
        Preset::EmptyMap(_) => Value::Map(Vec::new()),
    })
}
