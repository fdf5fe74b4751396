//! The types of settings: which values each accepts, in code and in words.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use super::address::Address;
use super::patterns::Patterns;
use super::value::Value;
use crate::domain::{ForwardWords, HostList, Mode, Rewriter, Secret, Sha256, Target, TlpLevel, words};

/// A type of settings.
pub(super) trait Kind: Sized {
    /// The form's field for it; `protocol/protocol.schema.json` lists the names.
    const SHAPE: &'static str;

    /// The words to choose from.
    const CHOICES: &'static [&'static str] = &[];

    /// The allowed values, for people. The bounds of a number are in the declaration of the setting.
    fn allowed() -> String;

    /// The default of a setting that declares none: empty for lists and tables, not set for others.
    fn preset() -> Option<Value> {
        match Self::SHAPE {
            "words" | "tables" => Some(Value::Words(Vec::new())),
            "map" => Some(Value::Map(Vec::new())),
            _ => None,
        }
    }

    /// The value of a setting that is not set, for types that allow it.
    fn unset() -> Option<Self> {
        None
    }

    /// Reads a checked value. The error says what is allowed.
    fn read(value: &Value) -> Result<Self, String>;

    /// The error says what is wrong with the value.
    fn check(value: &Value) -> Result<(), String> {
        Self::read(value).map(drop)
    }
}

impl<T: Kind> Kind for Option<T> {
    const SHAPE: &'static str = T::SHAPE;
    const CHOICES: &'static [&'static str] = T::CHOICES;

    fn allowed() -> String {
        T::allowed()
    }

    fn preset() -> Option<Value> {
        None
    }

    fn unset() -> Option<Self> {
        Some(None)
    }

    fn read(value: &Value) -> Result<Self, String> {
        (!value.is_blank()).then(|| T::read(value)).transpose()
    }

    fn check(value: &Value) -> Result<(), String> {
        T::check(value)
    }
}

/// A row for each type: its shape, what is allowed, how to read a value, and for lists how to check an entry.
macro_rules! kinds {
    ($($type:ty: $shape:literal, $allowed:expr, $form:ident, $read:expr $(, choices $choices:expr)? $(, each $check:expr)?;)*) => { $(
        impl Kind for $type {
            const SHAPE: &'static str = $shape;
            $(const CHOICES: &'static [&'static str] = $choices;)?

            fn allowed() -> String {
                $allowed.into()
            }

            fn read(value: &Value) -> Result<Self, String> {
                value.$form().and_then($read).ok_or_else(Self::allowed)
            }

            $(fn check(value: &Value) -> Result<(), String> {
                let words = value.words().ok_or_else(Self::allowed)?;
                words.iter().map(String::as_str).try_for_each($check)
            })?
        }
    )* };
}

const NOT_EMPTY: &str = "a text that is not empty";
const PATH: &str = r"a path; one with backslashes needs single quotes, as in 'C:\Users\ana'";
const NUMBER: &str = "a whole number";
const LIST: &str = "a list of texts";

kinds! {
    bool: "flag", "true or false", flag, Some;
    u8: "number", NUMBER, number, |number| Self::try_from(number).ok();
    u32: "number", NUMBER, number, |number| Self::try_from(number).ok();
    usize: "number", NUMBER, number, |number| Self::try_from(number).ok();
    Duration: "number", NUMBER, number, |number| u64::try_from(number).ok().map(Self::from_secs);
    String: "text", "a text", text, |text| Some(text.to_owned());
    Secret: "secret", NOT_EMPTY, text, |text| not_empty(text).map(Self::new);
    PathBuf: "path", PATH, text, |text| not_empty(text).filter(|text| !text.contains(char::is_control)).map(path);
    Address: "url", "the address of a server, such as https://misp.example.org, without a user and a password", text, Self::of;
    Sha256: "text", "a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons", text, Self::of_hex;
    Uuid: "uuid", "a uuid", text, |text| Self::parse_str(text).ok();
    TlpLevel: "tlp", Self::TAGS.join(", "), text, Self::of_tag, choices &Self::TAGS;
    Mode: "choice", Self::NAMES.join(", "), text, Self::of_name, choices Self::NAMES;
    Target: "choice", Self::NAMES.join(", "), text, Self::of_name, choices Self::NAMES;
    EventDate: "choice", Self::NAMES.join(", "), text, Self::of_name, choices Self::NAMES;
    Participants: "choice", Self::NAMES.join(", "), text, Self::of_name, choices Self::NAMES;
    Vec<String>: "words", LIST, words, |words| Some(words.to_vec());
    HostList: "words", LIST, words, |words| Some(Self::new(words)), each HostList::check;
    Patterns: "words", LIST, words, |words| Some(Self::new(words.to_vec())), each Patterns::check;
    Vec<SocketAddr>: "words", LIST, words, |words| words.iter().map(|word| name_server(word)).collect(), each check_name_server;
    Vec<Rewriter>: "words", LIST, words, |words| words.iter().map(|word| Rewriter::of_line(word).ok()).collect(), each |word| Rewriter::of_line(word).map(drop);
    Map: "map", "a table of lists of texts", map, |map| Some(map.to_vec());
    Vec<(TlpLevel, u8)>: "map", format!("a table from {} to numbers from 0 to 4", TlpLevel::TAGS.join(", ")), map, distances;
    Vec<(TlpLevel, String)>: "map", format!("a table from {} to lists of texts", TlpLevel::TAGS.join(", ")), map, spellings;
}

words! {
    /// The date of an event.
    pub enum EventDate {
        Mail = "mail",
        Today = "today",
    }
}

words! {
    /// What happens to hosts of a report's sender and recipients.
    pub enum Participants {
        Skip = "skip",
        NoIds = "no_ids",
        Add = "add",
    }
}

/// Names with lists of texts, in the order of the file.
impl Kind for ForwardWords {
    const SHAPE: &'static str = "map";

    fn allowed() -> String {
        Map::allowed()
    }

    fn read(value: &Value) -> Result<Self, String> {
        Self::new(value.map().ok_or_else(Self::allowed)?)
    }
}

type Map = Vec<(String, Vec<String>)>;

fn spellings(map: &[(String, Vec<String>)]) -> Option<Vec<(TlpLevel, String)>> {
    let mut spellings = Vec::new();
    for (tag, words) in map {
        let level = TlpLevel::of_tag(tag)?;
        spellings.extend(words.iter().map(|word| (level, word.clone())));
    }
    Some(spellings)
}

fn distances(map: &[(String, Vec<String>)]) -> Option<Vec<(TlpLevel, u8)>> {
    let distance = |(tag, numbers): &(String, Vec<String>)| {
        let [number] = numbers.as_slice() else { return None };
        let number = number.parse().ok().filter(|number| *number <= 4)?;
        Some((TlpLevel::of_tag(tag)?, number))
    };
    map.iter().map(distance).collect()
}

fn not_empty(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

/// A file or folder. `~/` at its beginning means the home folder, on Windows `~\` too.
fn path(text: &str) -> PathBuf {
    let below = text
        .strip_prefix('~')
        .and_then(|rest| rest.strip_prefix(std::path::is_separator));
    let home = below.zip(directories::BaseDirs::new());
    home.map_or_else(|| text.into(), |(below, dirs)| dirs.home_dir().join(below))
}

/// An address with or without a port. The default port is 53.
fn name_server(word: &str) -> Option<SocketAddr> {
    let word = word.trim();
    let bare = word
        .strip_prefix('[')
        .and_then(|word| word.strip_suffix(']'))
        .unwrap_or(word);
    let alone = bare.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    word.parse().or(alone).ok()
}

fn check_name_server(word: &str) -> Result<(), String> {
    let wrong = || format!("an IP address with or without port, not \"{word}\"");
    name_server(word).map(drop).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_is_an_address_with_or_without_a_port() {
        let facts = [
            ("9.9.9.9", Some("9.9.9.9:53")),
            (" 9.9.9.9:5353 ", Some("9.9.9.9:5353")),
            ("2620:fe::fe", Some("[2620:fe::fe]:53")),
            ("[2620:fe::fe]:5353", Some("[2620:fe::fe]:5353")),
            ("[2620:fe::fe]", Some("[2620:fe::fe]:53")),
            ("dns.example", None),
            ("", None),
        ];
        for (word, expected) in facts {
            assert_eq!(
                name_server(word),
                expected.map(|address| address.parse().unwrap()),
                "{word}"
            );
        }
    }
}
