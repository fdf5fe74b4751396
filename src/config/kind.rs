//! The types that a setting can have: which values each takes, in words and in code.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use super::patterns::Patterns;
use super::schema::{EventDate, Participants};
use super::value::Value;
use crate::domain::{HostList, Mode, Secret, Target, TlpLevel};

/// A type that a setting can have.
pub(super) trait Kind: Sized {
    /// What a form shows for it; `protocol/protocol.schema.json` lists the names.
    const SHAPE: &'static str;

    /// What is allowed, in words; for numbers the declaration gives the bounds.
    fn allowed() -> String;

    /// The words to choose from.
    fn choices() -> &'static [&'static str] {
        &[]
    }

    /// The default of a setting whose declaration gives none: lists and tables are empty, others are not set.
    fn preset() -> Option<Value> {
        None
    }

    /// What stands for a setting that is not set, where the type can say so.
    fn unset() -> Option<Self> {
        None
    }

    /// Whether a value means the same as no value.
    fn is_empty(value: &Value) -> bool {
        matches!(value, Value::Words(words) if words.is_empty())
    }

    /// Reads a value; the error says what is allowed.
    fn read(value: &Value) -> Result<Self, String>;

    /// Says what is wrong with a value. Types that are read without a full check have a check of their own.
    fn check(value: &Value) -> Result<(), String> {
        Self::read(value).map(drop)
    }
}

impl<T: Kind> Kind for Option<T> {
    const SHAPE: &'static str = T::SHAPE;

    fn allowed() -> String {
        T::allowed()
    }

    fn choices() -> &'static [&'static str] {
        T::choices()
    }

    fn unset() -> Option<Self> {
        Some(None)
    }

    fn read(value: &Value) -> Result<Self, String> {
        if T::is_empty(value) {
            Ok(None)
        } else {
            T::read(value).map(Some)
        }
    }

    fn check(value: &Value) -> Result<(), String> {
        T::check(value)
    }
}

impl Kind for bool {
    const SHAPE: &'static str = "flag";

    fn allowed() -> String {
        "true or false".to_owned()
    }

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Flag(flag) => Ok(*flag),
            _ => Err(Self::allowed()),
        }
    }
}

macro_rules! numbers {
    ($($type:ty, $read:expr;)*) => { $(
        impl Kind for $type {
            const SHAPE: &'static str = "number";

            fn allowed() -> String {
                "a whole number".to_owned()
            }

            fn read(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Number(number) => $read(*number).ok_or_else(Self::allowed),
                    _ => Err(Self::allowed()),
                }
            }
        }
    )* };
}

numbers! {
    u8, |number| Self::try_from(number).ok();
    u32, |number| Self::try_from(number).ok();
    usize, |number| Self::try_from(number).ok();
    Duration, |number| u64::try_from(number).ok().map(Self::from_secs);
}

macro_rules! texts {
    ($($type:ty, $shape:literal, $allowed:expr, $choices:expr, $read:expr;)*) => { $(
        impl Kind for $type {
            const SHAPE: &'static str = $shape;

            fn allowed() -> String {
                $allowed.into()
            }

            fn choices() -> &'static [&'static str] {
                $choices
            }

            fn read(value: &Value) -> Result<Self, String> {
                value.text().and_then($read).ok_or_else(Self::allowed)
            }
        }
    )* };
}

const NOT_EMPTY: &str = "a text that is not empty";

texts! {
    Secret, "secret", NOT_EMPTY, &[], |text| not_empty(text).map(Self::new);
    PathBuf, "path", NOT_EMPTY, &[], |text| not_empty(text).map(path);
    Address, "url", "a URL that begins with http:// or https://", &[], Self::of;
    Uuid, "uuid", "a uuid", &[], |text| Self::parse_str(text).ok();
    TlpLevel, "tlp", Self::TAGS.join(", "), &Self::TAGS, Self::of_tag;
    Mode, "choice", Self::NAMES.join(", "), Self::NAMES, Self::of_name;
    Target, "choice", Self::NAMES.join(", "), Self::NAMES, Self::of_name;
    EventDate, "choice", Self::NAMES.join(", "), Self::NAMES, Self::of_name;
    Participants, "choice", Self::NAMES.join(", "), Self::NAMES, Self::of_name;
}

impl Kind for String {
    const SHAPE: &'static str = "text";

    fn allowed() -> String {
        "a text".to_owned()
    }

    fn is_empty(value: &Value) -> bool {
        value.text().is_some_and(|text| text.trim().is_empty())
    }

    fn read(value: &Value) -> Result<Self, String> {
        value.text().map(str::to_owned).ok_or_else(Self::allowed)
    }
}

macro_rules! lists {
    ($($type:ty, $check:expr, $read:expr;)*) => { $(
        impl Kind for $type {
            const SHAPE: &'static str = "words";

            fn allowed() -> String {
                "a list of texts".to_owned()
            }

            fn preset() -> Option<Value> {
                Some(Value::Words(Vec::new()))
            }

            fn read(value: &Value) -> Result<Self, String> {
                value.words().map($read).ok_or_else(Self::allowed)
            }

            fn check(value: &Value) -> Result<(), String> {
                let words = value.words().ok_or_else(Self::allowed)?;
                words.iter().try_for_each(|word| $check(word))
            }
        }
    )* };
}

lists! {
    Vec<String>, |_| Ok(()), <[String]>::to_vec;
    HostList, |word: &String| HostList::check(word), HostList::new;
    Patterns, |word: &String| Patterns::check(word), |words| Patterns::new(words.to_vec());
    Vec<SocketAddr>, check_name_server, |words| words.iter().filter_map(|word| name_server(word)).collect();
}

macro_rules! maps {
    ($($type:ty, $allowed:expr, $read:expr;)*) => { $(
        impl Kind for $type {
            const SHAPE: &'static str = "map";

            fn allowed() -> String {
                $allowed
            }

            fn preset() -> Option<Value> {
                Some(Value::Map(Vec::new()))
            }

            fn read(value: &Value) -> Result<Self, String> {
                value.map().and_then($read).ok_or_else(Self::allowed)
            }
        }
    )* };
}

/// Names to lists of texts, in the order of the file.
type Map = Vec<(String, Vec<String>)>;

maps! {
    Map, "a table of lists of texts".to_owned(), |map| Some(map.to_vec());
    Vec<(TlpLevel, String)>, format!("a table from {} to lists of texts", TlpLevel::TAGS.join(", ")), spellings;
}

fn spellings(map: &[(String, Vec<String>)]) -> Option<Vec<(TlpLevel, String)>> {
    let mut spellings = Vec::new();
    for (tag, words) in map {
        let level = TlpLevel::of_tag(tag)?;
        spellings.extend(words.iter().map(|word| (level, word.clone())));
    }
    Some(spellings)
}

fn not_empty(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

/// A file or folder; `~/` at the beginning is the home folder.
fn path(text: &str) -> PathBuf {
    let home = text.strip_prefix("~/").zip(directories::BaseDirs::new());
    home.map_or_else(|| text.into(), |(below, dirs)| dirs.home_dir().join(below))
}

/// An address with or without a port; the port is 53 where none is given.
fn name_server(word: &str) -> Option<SocketAddr> {
    let word = word.trim();
    let bare = word
        .strip_prefix('[')
        .and_then(|word| word.strip_suffix(']'))
        .unwrap_or(word);
    let alone = bare.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    word.parse().or(alone).ok()
}

fn check_name_server(word: &String) -> Result<(), String> {
    match name_server(word) {
        Some(_) => Ok(()),
        None => Err(format!("an IP address with or without port, not \"{word}\"")),
    }
}

/// A server's address: http or https with a host, no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    fn of(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let fits = matches!(url.scheme(), "http" | "https") && url.has_host();
        fits.then(|| Self(text.trim_end_matches('/').to_owned()))
    }
}

impl Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
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
