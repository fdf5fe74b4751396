//! The messages of the protocol: JSON-RPC 2.0 with the parameters and results that `protocol/protocol.schema.json`
//! describes. How they travel is for `frame`, what they do for the files that are named like them.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::submission::{Mode, Overrides};

/// Oldest version of the protocol that is spoken.
pub const OLDEST: u32 = 1;
/// Newest version of the protocol that is spoken.
pub const NEWEST: u32 = 1;

/// A request, or a notification where it has no id.
#[derive(Debug, Deserialize)]
pub struct Call {
    /// Must be `2.0`.
    pub jsonrpc: String,
    /// Number of the request.
    pub id: Option<u64>,
    /// Name of the method.
    pub method: String,
    /// Its parameters.
    #[serde(default)]
    pub params: Value,
}

/// A range of versions.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lowest.
    pub min: u32,
    /// Highest.
    pub max: u32,
}

/// What a program decides by, with the fields that the protocol's table of errors names.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Data {
    /// Name of the kind.
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
}

/// Why a request is not answered with a result.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    code: i32,
    /// English, for people.
    pub message: String,
    /// For the program.
    pub data: Box<Data>,
}

impl Fault {
    /// A fault of this kind.
    #[allow(clippy::needless_pass_by_value)] // errors and texts alike, where they arise
    pub fn new(kind: &'static str, message: impl ToString) -> Self {
        let code = match kind {
            "parse" => -32700,
            "invalid" => -32600,
            "unknown_method" => -32601,
            "internal" => -32603,
            _ => -32000,
        };
        Self {
            code,
            message: message.to_string(),
            data: Box::new(Data {
                kind,
                ..Data::default()
            }),
        }
    }

    /// The same with more for the program.
    #[must_use]
    pub fn with(mut self, fill: impl FnOnce(&mut Data)) -> Self {
        fill(&mut self.data);
        self
    }

    /// Asked to give up, and did.
    pub fn cancelled() -> Self {
        Self::new("cancelled", "cancelled")
    }
}

impl From<crate::config::ConfigError> for Fault {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::new("configuration", error)
    }
}

impl From<crate::outbox::OutboxError> for Fault {
    fn from(error: crate::outbox::OutboxError) -> Self {
        use crate::outbox::OutboxError::{Gone, NoRow};
        let kind = if matches!(error, NoRow(_) | Gone(_)) {
            "no_row"
        } else {
            "outbox"
        };
        Self::new(kind, error)
    }
}

impl From<crate::mail::MailError> for Fault {
    fn from(error: crate::mail::MailError) -> Self {
        match error {
            crate::mail::MailError::TooLarge { size, limit } => Self::too_large(size as u64, limit as u64),
            other => Self::new("not_a_mail", other),
        }
    }
}

impl Fault {
    /// A message over the limit.
    pub fn too_large(size: u64, limit: u64) -> Self {
        let message =
            format!("the message has {size} bytes, the limit is {limit}; raise `mail.max_size` in the configuration");
        Self::new("too_large", message).with(|data| (data.size, data.limit) = (Some(size), Some(limit)))
    }
}

/// Parameters of `hello`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Version of the extension.
    pub extension: String,
    /// Versions of the protocol that it speaks.
    #[serde(deserialize_with = "object")]
    pub protocol: Range,
}

/// Parameters of `message.begin`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// Bytes that will come.
    pub size: u64,
}

/// Parameters of `message.chunk`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunk {
    /// Handle.
    pub message: String,
    /// Bytes that came before.
    pub offset: u64,
    /// Base64.
    pub data: String,
}

/// A handle: parameter of `message.end` and `message.discard`, result of `message.begin`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handle {
    /// The handle.
    pub message: String,
}

/// How a message is read: parameters of `preview`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// Handle.
    pub message: String,
    /// What the mail is.
    #[serde(default)]
    pub mode: Mode,
    /// Profile of the configuration.
    #[serde(default)]
    pub profile: Option<String>,
}

/// Parameters of `preview.more`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct More {
    /// Handle.
    pub message: String,
    /// Items that came before.
    pub offset: usize,
}

/// Parameters of `known`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Handle.
    pub message: String,
    /// First item.
    pub offset: usize,
    /// How many items, at most 500.
    pub count: usize,
}

/// What a person chose in a review.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    deselected: Vec<(String, String)>,
    selected: Vec<(String, String)>,
    comment: Option<String>,
    event: Option<String>,
    tlp: Option<String>,
    #[serde(deserialize_with = "distribution")]
    distribution: Option<u8>,
}

/// An object and nothing else: a struct would be taken from a list of its fields as well. What stands in its place may be a
/// key and is not repeated.
fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    match Value::deserialize(deserializer)? {
        fields @ Value::Object(_) => T::deserialize(fields).map_err(D::Error::custom),
        _ => Err(D::Error::custom("something else where an object is wanted")),
    }
}

fn distribution<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(level @ 5..) => Err(D::Error::custom(format!("distribution {level}; there are 0 to 4"))),
        level => Ok(level),
    }
}

impl From<Choices> for Overrides {
    fn from(choices: Choices) -> Self {
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Self {
            deselected: choices.deselected,
            selected: choices.selected,
            comment: text(choices.comment),
            event: text(choices.event).map(|event| event.trim().to_owned()),
            tlp: choices.tlp,
            distribution: choices.distribution,
            ..Self::default()
        }
    }
}

/// Parameters of `send`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Handle.
    pub message: String,
    /// What the mail is.
    #[serde(default)]
    pub mode: Mode,
    /// Profile of the configuration.
    #[serde(default)]
    pub profile: Option<String>,
    /// Changes for this mail alone.
    #[serde(default, deserialize_with = "object")]
    pub overrides: Choices,
}

/// Form of an export.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum ExportFormat {
    Text,
    Csv,
    Misp,
}

/// Parameters of `export`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Handle.
    pub message: String,
    /// What the mail is.
    #[serde(default)]
    pub mode: Mode,
    /// Profile of the configuration.
    #[serde(default)]
    pub profile: Option<String>,
    /// Changes for this mail alone.
    #[serde(default, deserialize_with = "object")]
    pub overrides: Choices,
    /// Form.
    pub format: ExportFormat,
    /// Bytes that came before.
    pub offset: usize,
}

/// A profile: parameters of `status`, `settings.read` and `settings.remove_profile`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Its name.
    pub profile: Option<String>,
}

/// Parameters of `settings.write`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Of this profile.
    #[serde(default)]
    pub profile: Option<String>,
    /// Dotted key to new value.
    #[serde(deserialize_with = "object")]
    pub changes: serde_json::Map<String, Value>,
}

/// Parameters of `connection.test`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trial {
    /// Of this profile.
    pub profile: Option<String>,
    /// Dotted key to the value that is tried.
    #[serde(deserialize_with = "object")]
    pub changes: serde_json::Map<String, Value>,
}

/// Parameters of `outbox.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboxList {
    /// What was delivered instead of what waits.
    pub delivered: bool,
    /// Rows that came before.
    pub offset: usize,
}

/// Parameters of `outbox.retry`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboxRetry {
    /// One row, or all.
    pub row: Option<i64>,
    /// Build the events again.
    pub rebuild: bool,
}

/// Parameters of `outbox.drop`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxDrop {
    /// The row.
    pub row: i64,
}

/// Parameters of `cancel`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// The request to give up.
    pub id: u64,
}

/// Parses a frame. JavaScript can put half a surrogate pair into a string, which is no Unicode: it becomes U+FFFD, so that one
/// broken subject does not end the connection.
pub fn parse(frame: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(frame).or_else(|error| match mend_surrogates(frame) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    })
}

/// The frame with `\ufffd` for every escape of half a pair; `None` where there is none.
fn mend_surrogates(frame: &[u8]) -> Option<Vec<u8>> {
    let mut mended = Vec::with_capacity(frame.len());
    let mut is_mended = false;
    let mut rest = frame;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, escape) = rest.split_at_checked(at)?;
        mended.extend_from_slice(before);
        let length = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(_), _) => {
                is_mended = true;
                mended.extend_from_slice(b"\\ufffd");
                rest = escape.get(6..)?;
                continue;
            }
            (None, _) => 2.min(escape.len()),
        };
        mended.extend_from_slice(escape.get(..length)?);
        rest = escape.get(length..)?;
    }
    mended.extend_from_slice(rest);
    is_mended.then_some(mended)
}

/// The surrogate that an escape at the beginning of `text` stands for.
fn surrogate(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let code = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_becomes_a_replacement_character() {
        let cases = [
            (r#""a\ud800b""#, "a\u{fffd}b"),
            (r#""\udc00""#, "\u{fffd}"),
            (r#""\ud83d\ude00 \ud83d""#, "\u{1f600} \u{fffd}"),
            (r#""\\ud800 \ud800""#, "\\ud800 \u{fffd}"),
            (r#""\ud800\ud800\udc00""#, "\u{fffd}\u{10000}"),
        ];
        for (json, expected) in cases {
            assert_eq!(parse(json.as_bytes()).unwrap(), Value::from(expected), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_stays_an_error() {
        for json in ["{", "{\"a\":\\ud800}", "\"\\ud8", "\\"] {
            assert!(parse(json.as_bytes()).is_err(), "{json}");
        }
    }
}
