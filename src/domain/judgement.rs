//! What a mail was taken for, and why.

use serde::{Deserialize, Serialize};

use super::word::words;
use super::{Mode, Said};

words! {
    /// Who decided what a mail is.
    pub enum By {
        /// A person, for this mail.
        Chosen = "chosen",
        /// The configuration.
        Configured = "configured",
        /// The mail's own facts.
        Detected = "detected",
    }
}

/// What a mail was taken for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Never `Auto`.
    pub is: Mode,
    pub by: By,
    /// The facts that decided, the strongest first. Only when it was detected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Said>,
}

impl Judgement {
    /// Without facts: nobody looked for any.
    pub const fn given(is: Mode, by: By) -> Self {
        Self {
            is,
            by,
            facts: Vec::new(),
        }
    }
}
