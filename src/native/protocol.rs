//! The messages of the protocol: JSON-RPC 2.0 with the parameters and results that `protocol/protocol.schema.json`
//! describes. How they travel is for `frame`, what they do for the files that are named like them.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::domain::{Mode, Overrides};

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
