//! Reads a TOML file into layers, one for the top level and one for each profile. A layer has checked values with their
//! lines.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::error::ConfigError;
use super::rule::{self, Rule};
use super::schema;
use super::setting::Setting;
use super::value::{Entry, Layer, Origin, Value};

#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    pub base: Layer,
    pub profiles: BTreeMap<String, Layer>,
}

/// The error names all faults.
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
        message: with_hint(error.message(), source, error.span().map_or(0, |span| span.start)),
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

/// The message of the TOML parser. Where a line has a backslash, that is most likely the fault, in a path of Windows.
fn with_hint(message: &str, source: &str, at: usize) -> String {
    let (before, after) = source.split_at_checked(at).unwrap_or((source, ""));
    let begun = before.rsplit('\n').next().unwrap_or_default();
    let rest = after.lines().next().unwrap_or_default();
    if begun.contains('\\') || rest.contains('\\') {
        format!(r"{message}; a path with backslashes needs single quotes, as in 'C:\Users\ana'")
    } else {
        message.to_owned()
    }
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

    /// Reads a section, or a key outside of sections.
    fn top(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue>, layer: &mut Layer) {
        let name: &str = key.get_ref();
        let is_section = schema::settings().any(|setting| setting.split().0 == name && !name.is_empty());
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
            let of_sections = value.get_ref().is_table() && !key.contains('.');
            let names = schema::settings().map(|setting| if of_sections { setting.split().0 } else { setting.key });
            return self
                .errors
                .push(ConfigError::unknown_key(self.path, self.line(at), key, names));
        };
        match setting.checked(Value::of_toml(value.get_ref())) {
            Ok(value) => {
                let origin = Origin::Line(self.line(at));
                layer.insert(setting.key, Entry { value, origin });
            }
            Err(allowed) => match value.get_ref() {
                DeValue::Array(rules) if setting.shape == "tables" => self.wrong_rules(rules),
                _ => self.wrong(setting.key, value, &allowed),
            },
        }
    }

    /// Names every fault with the number of the rule, from 1, and the key.
    fn wrong_rules(&mut self, rules: &DeArray) {
        for (number, table) in (1..).zip(rules.iter()) {
            let DeValue::Table(keys) = table.get_ref() else {
                self.wrong("rules", table, "tables [[rules]]");
                continue;
            };
            let mut read = Rule::default();
            let before = self.errors.len();
            for (name, value) in keys {
                let key = format!("rules.{number}.{}", name.get_ref());
                if !rule::KEYS.contains(&&**name.get_ref()) {
                    let line = self.line(name.span().start);
                    let known = rule::KEYS.into_iter();
                    self.errors.push(ConfigError::unknown_key(self.path, line, &key, known));
                } else if let Err(allowed) = read.set(name.get_ref(), Value::of_toml(value.get_ref()).as_ref()) {
                    self.wrong(&key, value, &allowed);
                }
            }
            if self.errors.len() == before && !read.has_effect() {
                self.wrong(&format!("rules.{number}"), table, rule::EFFECTS);
            }
        }
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue>, allowed: &str) {
        let shown = match value.get_ref() {
            // Do not show an API key that somebody put into another setting.
            DeValue::String(text) if is_secret(key) || looks_like_key(text) || has_user(key, text) => "text".into(),
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

/// Whether it is an address with a user, and perhaps a password.
fn has_user(key: &str, text: &str) -> bool {
    text.contains('@') && (key.ends_with("url") || text.contains(":/"))
}

fn is_secret(key: &str) -> bool {
    schema::find(key).is_some_and(Setting::is_secret)
}
