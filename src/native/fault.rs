//! Why a call is not answered with a result: the kinds of error of the protocol.

use serde::Serialize;

use super::protocol::Range;
use crate::domain::Said;

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
    /// The message where it has a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
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
        use crate::config::ConfigError::UnknownProfile;
        let said = Said::from(&error);
        if matches!(error, UnknownProfile { .. }) {
            Self::new("no_profile", error).with(|data| data.said = Some(said))
        } else {
            Self::new("configuration", error)
        }
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
