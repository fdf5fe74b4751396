//! Errors of calls, by kind.

use serde::Serialize;

use super::versions::Range;
use crate::config::{ConfigError, EditError};
use crate::domain::{Said, with_causes};
use crate::mail::MailError;
use crate::misp::client::MispError;
use crate::outbox::OutboxError;

/// What the extension acts on, as `data` of an error. `protocol/README.md` says what each kind means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    Parse,
    Frame,
    Invalid,
    UnknownMethod,
    NotAllowed,
    HelloFirst,
    Incompatible {
        host: &'static str,
        protocol: Range,
    },
    UnknownMessage,
    NoPreview,
    OutOfOrder,
    TooLarge {
        size: u64,
        limit: u64,
    },
    TooMany {
        limit: usize,
    },
    NotAMail,
    Cancelled,
    Configuration {
        repair: Option<String>,
    },
    NoProfile {
        said: Box<Said>,
    },
    Setting {
        key: String,
        allowed: String,
    },
    Locked {
        key: String,
    },
    KeyNeeded,
    NoRow,
    /// The server does not have the event to add to, or the user may not change it.
    NoEvent {
        said: Box<Said>,
    },
    /// The server could not be asked about the event to add to.
    NotChecked {
        said: Box<Said>,
    },
    /// MISP would refuse what a person changed.
    Change {
        said: Box<Said>,
    },
    Outbox,
    Server {
        said: Box<Said>,
    },
    Internal,
}

/// An error of JSON-RPC.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    code: i32,
    /// English, for people.
    pub message: String,
    /// For the extension.
    pub data: Kind,
}

impl Fault {
    #[allow(clippy::needless_pass_by_value)] // errors and texts alike, where they arise
    pub fn new(kind: Kind, message: impl ToString) -> Self {
        let code = match kind {
            Kind::Parse => -32700,
            Kind::Invalid => -32600,
            Kind::UnknownMethod => -32601,
            Kind::Internal => -32603,
            _ => -32000,
        };
        Self {
            code,
            message: message.to_string(),
            data: kind,
        }
    }

    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled, "cancelled")
    }

    pub fn too_large(size: u64, limit: u64) -> Self {
        let words =
            format!("the message has {size} bytes, the limit is {limit}; raise `mail.max_size` in the configuration");
        Self::new(Kind::TooLarge { size, limit }, words)
    }
}

impl From<ConfigError> for Fault {
    fn from(error: ConfigError) -> Self {
        let kind = match error {
            ConfigError::UnknownProfile { .. } => Kind::NoProfile {
                said: Box::new((&error).into()),
            },
            _ => Kind::Configuration { repair: error.repair() },
        };
        Self::new(kind, error)
    }
}

impl From<EditError> for Fault {
    fn from(error: EditError) -> Self {
        let words = error.to_string();
        let kind = match error {
            EditError::Setting { key, allowed } => Kind::Setting { key, allowed },
            EditError::Locked { key, .. } => Kind::Locked { key },
            EditError::KeyNeeded => Kind::KeyNeeded,
            EditError::Config(error) => return error.into(),
            EditError::NoPlace | EditError::Io { .. } => Kind::Configuration { repair: None },
        };
        Self::new(kind, words)
    }
}

impl From<OutboxError> for Fault {
    fn from(error: OutboxError) -> Self {
        let kind = match error {
            OutboxError::NoRow(_) | OutboxError::Gone(_) => Kind::NoRow,
            _ => Kind::Outbox,
        };
        Self::new(kind, with_causes(&error))
    }
}

impl From<MailError> for Fault {
    fn from(error: MailError) -> Self {
        match error {
            MailError::TooLarge { size, limit } => Self::too_large(size as u64, limit as u64),
            other => Self::new(Kind::NotAMail, other),
        }
    }
}

impl From<MispError> for Fault {
    fn from(error: MispError) -> Self {
        let said = Box::new((&error).into());
        Self::new(Kind::Server { said }, error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::new(Kind::Internal, format!("an answer cannot be written as JSON: {error}"))
    }
}
