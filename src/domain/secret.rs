//! A value that must not be shown: it prints as `***` and cannot be serialised.

use std::fmt;

/// An API key or the m2m key. Neither `Debug` nor `Display` shows it, and it does not implement `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Removes blanks and line ends around the value, since keys are often read from files.
    pub fn new(value: &str) -> Self {
        Self(value.trim().to_owned())
    }

    /// The value itself, to send or compare it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Replaces the value in `text` by `***`.
    pub fn hide_in(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        text.replace(&self.0, "***")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
