//! JSON-RPC 2.0 as in `protocol/README.md`: the envelopes of calls and answers, and types that several calls share.
//! Types of one call are beside its function, in `calls`.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fault::{Fault, Kind};

/// A request, or without an id a notification.
#[derive(Debug, Deserialize)]
pub struct Request {
    jsonrpc: String,
    pub id: Option<u64>,
    pub method: String,
    #[serde(default)]
    pub params: Value,
}

impl Request {
    /// Reads a request. The error says what is wrong.
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

/// The result of a call, as JSON that fits its schema, or an error.
pub type Outcome = Result<Box<RawValue>, Fault>;

/// The answer to a request. Without an id, it is the last message before the program ends.
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

/// A message that the extension did not ask for.
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

/// What a call is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Reading,
    Asking,
    Delivering,
}

/// A profile of the configuration, or the top level.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    pub profile: Option<String>,
}

/// An empty result.
#[derive(Serialize)]
pub struct Nothing {}

/// Reads parameters. `null` and none at all count as an empty object. Refuses a list, since positions mean nothing.
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

/// Reads a field that must be an object, because serde would also take a list for a struct. The error does not repeat
/// the value, which may be a key.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    match Value::deserialize(deserializer)? {
        fields @ Value::Object(_) => T::deserialize(fields).map_err(D::Error::custom),
        _ => Err(D::Error::custom("something else where an object is wanted")),
    }
}
