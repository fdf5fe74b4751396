//! JSON-RPC 2.0 as `protocol/README.md` describes it: the envelopes of calls and answers, and what several calls share.
//! Parameters and results of one call stand beside the function that answers it, in `calls`.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fault::{Fault, Kind};

/// A request, or a notification where it has no id.
#[derive(Debug, Deserialize)]
pub struct Request {
    jsonrpc: String,
    pub id: Option<u64>,
    pub method: String,
    #[serde(default)]
    pub params: Value,
}

impl Request {
    /// Takes a message for a request; an error says what it lacks.
    pub fn of(message: Value) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::new(Kind::Invalid, format!("not a JSON-RPC request: {what}"));
        if !message.is_object() {
            return Err(wrong("no object"));
        }
        let request: Self = serde_json::from_value(message).map_err(|error| wrong(&error.to_string()))?;
        if request.jsonrpc == "2.0" {
            Ok(request)
        } else {
            Err(wrong("`jsonrpc` is not \"2.0\""))
        }
    }
}

/// What a call comes to: JSON that fits the schema of its result, or an error.
pub type Outcome = Result<Box<RawValue>, Fault>;

/// The answer to a request. Without an id it is what the program has to say before it ends.
#[derive(Serialize)]
pub struct Answer<'a> {
    jsonrpc: &'static str,
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Fault>,
}

impl<'a> Answer<'a> {
    pub fn new(id: Option<u64>, outcome: &'a Outcome) -> Self {
        Self {
            jsonrpc: "2.0",
            id,
            result: outcome.as_deref().ok(),
            error: outcome.as_ref().err(),
        }
    }
}

/// Something that the extension is told without having asked.
#[derive(Serialize)]
pub struct Notification<P> {
    jsonrpc: &'static str,
    method: &'static str,
    params: P,
}

impl<P> Notification<P> {
    pub fn new(method: &'static str, params: P) -> Self {
        Self {
            jsonrpc: "2.0",
            method,
            params,
        }
    }
}

/// Parameters of the notification `cancel`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    pub id: u64,
}

/// Parameters of the notification `progress`.
#[derive(Serialize)]
pub struct Progress {
    pub id: u64,
    pub stage: Stage,
    pub done: usize,
    pub total: usize,
}

/// What a call is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Reading,
    Asking,
    Delivering,
}

/// A profile of the configuration, the top level without a name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    pub profile: Option<String>,
}

/// A result with nothing in it.
#[derive(Serialize)]
pub struct Nothing {}

/// Reads parameters; `null` and nothing at all are an empty object. A list is refused: positions mean nothing here.
pub fn params<P: DeserializeOwned>(params: Value) -> Result<P, Fault> {
    let params = if params.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        params
    };
    let wrong = |what: &str| Fault::new(Kind::Invalid, format!("wrong parameters: {what}"));
    if !params.is_object() {
        return Err(wrong("they are not an object"));
    }
    serde_json::from_value(params).map_err(|error| wrong(&error.to_string()))
}

/// Reads a field that must be an object: serde takes a list of its fields for a struct as well. What stands in its place may
/// hold a key, so that the error does not repeat it.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    match Value::deserialize(deserializer)? {
        fields @ Value::Object(_) => T::deserialize(fields).map_err(D::Error::custom),
        _ => Err(D::Error::custom("something else where an object is wanted")),
    }
}
