//! What a check of a mail's DKIM signatures by the program itself gave.

use super::word::words;
use super::{Outcome, Remark};

words! {
    /// What becomes of a signature.
    pub enum Seal {
        /// Header and text are what the domain signed.
        Pass = "pass",
        /// The same, but there is more text behind what was signed (`l=`). Anybody can have added that.
        Partial = "pass for a part of the text",
        TextChanged = "fail (text changed)",
        HeaderChanged = "fail (header changed)",
        Expired = "expired",
        /// The domain has no such key, or none any more.
        NoKey = "no key",
        /// The DNS did not answer.
        NoAnswer = "no answer",
        /// It is broken, or of an algorithm that counts as none.
        Unreadable = "not readable",
    }
}

impl Seal {
    /// In the words of RFC 8601; `None` where nothing was found out.
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Pass => Some(Outcome::Pass),
            Self::Partial | Self::Expired => Some(Outcome::Policy),
            Self::TextChanged | Self::HeaderChanged => Some(Outcome::Fail),
            Self::NoKey | Self::Unreadable => Some(Outcome::PermError),
            Self::NoAnswer => None,
        }
    }
}

/// A signature, and whose it says that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub domain: String,
    pub seal: Seal,
}

impl Sealed {
    /// What is told of these signatures; `None` without one.
    pub fn remark(all: &[Self]) -> Option<Remark> {
        let results: Vec<String> = all
            .iter()
            .map(|one| format!("d={} {}", one.domain, one.seal.name()))
            .collect();
        (!results.is_empty()).then_some(Remark::DkimVerified { results })
    }
}
