//! How long a caller waits for what is inside attachments.

use std::time::{Duration, Instant};

use crate::config::ContentsSettings;
use crate::contents::Watch;

/// Over when the time is.
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// As long as the settings allow, from now.
    pub fn of(settings: &ContentsSettings) -> Self {
        Self::after(settings.timeout)
    }

    pub fn after(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }
}

impl Watch for Deadline {
    fn is_over(&self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}
