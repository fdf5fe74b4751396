//! `[[rules]]`: what holds for some mails only. A rule has conditions, and what follows when all of them hold.

use super::kind;
use super::value::Value;
use crate::domain::{HostList, Kind, Mode};

/// What can follow from a rule.
pub(super) const EFFECTS: &str = "one of title, threat_level, distribution, tags, publish";

/// Every key of a rule.
pub(super) const KEYS: [&str; 12] = [
    "name",
    "sender",
    "subject",
    "recipient",
    "mode",
    "found",
    "tagged",
    "title",
    "threat_level",
    "distribution",
    "tags",
    "publish",
];

/// The types of attached files that `found` can name beside those of indicators.
const OF_FILES: [&str; 2] = ["malware-sample", "attachment"];

/// The types of MISP that `found` can name, each once.
fn types() -> Vec<&'static str> {
    let mut types: Vec<&str> = Vec::new();
    for name in Kind::TYPES.iter().copied().chain(OF_FILES) {
        if !types.contains(&name) {
            types.push(name);
        }
    }
    types
}

/// A condition that is `None` always holds; an effect that is `None` changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// How people are told that it applied. Without a name of its own, its number, from 1.
    pub name: String,
    pub sender: Option<Names>,
    /// In lower case.
    pub subject: Option<Vec<String>>,
    pub recipient: Option<Names>,
    /// Report or sample.
    pub mode: Option<Mode>,
    pub found: Option<Names>,
    /// Tags of which the event has one, in any case.
    pub tagged: Option<Vec<String>>,
    /// Stands in the place of `event.prefix`.
    pub title: Option<String>,
    pub threat_level: Option<u8>,
    pub distribution: Option<u8>,
    pub tags: Vec<String>,
    pub publish: Option<bool>,
}

/// Whole names, such as mailboxes or types, and hosts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// In lower case.
    whole: Vec<String>,
    hosts: HostList,
}

impl Names {
    pub(super) fn whole(names: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            whole: names.into_iter().map(str::to_lowercase).collect(),
            hosts: HostList::default(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.whole.iter().any(|one| one.eq_ignore_ascii_case(name))
    }

    pub fn covers(&self, host: &str) -> bool {
        self.hosts.covers(host)
    }

    fn of(words: &[String], is_whole: fn(&str) -> bool) -> Result<Self, String> {
        let words = words.iter().map(|word| word.trim());
        let (whole, hosts): (Vec<&str>, Vec<&str>) = words.partition(|word| is_whole(word));
        let hosts: Vec<&str> = hosts.into_iter().map(|host| host.trim_start_matches('@')).collect();
        hosts.iter().try_for_each(|host| HostList::check(host))?;
        Ok(Self {
            whole: whole.into_iter().map(str::to_lowercase).collect(),
            hosts: HostList::new(&hosts),
        })
    }
}

impl Rule {
    /// Takes in the value of one of [`KEYS`]. The error says what is allowed.
    pub(super) fn set(&mut self, key: &str, value: Option<&Value>) -> Result<(), String> {
        match key {
            "name" => self.name = text(value)?,
            "sender" => self.sender = Some(mailboxes(value)?),
            "recipient" => self.recipient = Some(mailboxes(value)?),
            "subject" => self.subject = Some(words(value)?.iter().map(|word| word.to_lowercase()).collect()),
            "mode" => self.mode = Some(mode(value)?),
            "found" => self.found = Some(found(value)?),
            "tagged" => self.tagged = Some(words(value)?.to_vec()),
            "title" => self.title = Some(text(value)?),
            "threat_level" => self.threat_level = Some(level(value, 1)?),
            "distribution" => self.distribution = Some(level(value, 0)?),
            "tags" => self.tags = words(value)?.to_vec(),
            "publish" if value.and_then(Value::flag) == Some(false) => self.publish = Some(false),
            "publish" => return Err("false; a rule can only hold back what is published".into()),
            _ => return Err(format!("the keys {}", KEYS.join(", "))),
        }
        Ok(())
    }

    pub(super) fn has_effect(&self) -> bool {
        let level = self.threat_level.or(self.distribution);
        self.title.is_some() || level.is_some() || !self.tags.is_empty() || self.publish.is_some()
    }
}

impl kind::Kind for Vec<Rule> {
    const SHAPE: &'static str = "tables";

    fn allowed() -> String {
        "tables [[rules]]".into()
    }

    fn read(value: &Value) -> Result<Self, String> {
        let tables = match value {
            Value::Tables(tables) => tables.as_slice(),
            // An empty list has no type.
            Value::Words(words) if words.is_empty() => &[],
            _ => return Err(Self::allowed()),
        };
        let rule = |(number, table): (usize, &Vec<(String, Value)>)| {
            let mut rule = Rule {
                name: number.to_string(),
                ..Rule::default()
            };
            for (key, value) in table {
                rule.set(key, Some(value))?;
            }
            rule.has_effect().then_some(rule).ok_or_else(|| EFFECTS.to_owned())
        };
        (1..).zip(tables).map(rule).collect()
    }
}

fn text(value: Option<&Value>) -> Result<String, String> {
    let text = value.and_then(Value::text);
    text.map(str::to_owned).ok_or_else(<String as kind::Kind>::allowed)
}

fn words(value: Option<&Value>) -> Result<&[String], String> {
    let words = value.and_then(Value::words).filter(|words| !words.is_empty());
    words
        .filter(|words| words.iter().all(|word| !word.trim().is_empty()))
        .ok_or_else(|| "a list of texts, none of them empty".to_owned())
}

fn mailboxes(value: Option<&Value>) -> Result<Names, String> {
    Names::of(words(value)?, |word| word.find('@').is_some_and(|at| at > 0))
}

fn found(value: Option<&Value>) -> Result<Names, String> {
    let words = words(value)?;
    match words
        .iter()
        .find(|word| !is_type(word.trim()) && !word.contains(['.', ':']))
    {
        Some(other) => Err(format!("hosts and the types {}; not \"{other}\"", types().join(", "))),
        None => Names::of(words, is_type),
    }
}

/// Whether `found` can name that type of MISP.
fn is_type(word: &str) -> bool {
    let mut known = Kind::TYPES.iter().chain(&OF_FILES);
    known.any(|known| known.eq_ignore_ascii_case(word))
}

fn mode(value: Option<&Value>) -> Result<Mode, String> {
    let named = value.and_then(Value::text).and_then(Mode::of_name);
    named
        .filter(|mode| matches!(mode, Mode::Report | Mode::Sample))
        .ok_or_else(|| "report, sample".to_owned())
}

fn level(value: Option<&Value>, lowest: u8) -> Result<u8, String> {
    let number = value
        .and_then(Value::number)
        .and_then(|number| u8::try_from(number).ok());
    number
        .filter(|number| (lowest..=4).contains(number))
        .ok_or_else(|| format!("a whole number from {lowest} to 4"))
}
