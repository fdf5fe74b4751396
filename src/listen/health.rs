//! Whether delivery works. While it does not, the listener takes no mails: whoever has them keeps them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long delivery may fail before peers are told.
const TOLERATED: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(super) struct Health {
    failing_since: Mutex<Option<Instant>>,
}

impl Health {
    /// To be called after each attempt to deliver.
    pub(super) fn note(&self, works: bool) {
        let mut since = self.failing_since.lock().unwrap_or_else(PoisonError::into_inner);
        *since = if works {
            None
        } else {
            since.or_else(|| Some(Instant::now()))
        };
    }

    /// Whether delivery has been failing for too long.
    pub(super) fn is_stalled(&self) -> bool {
        self.is_failing_for(TOLERATED)
    }

    fn is_failing_for(&self, time: Duration) -> bool {
        let since = self.failing_since.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.elapsed() >= time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_counts_from_its_beginning_until_something_works() {
        let health = Health::default();
        assert!(!health.is_failing_for(Duration::ZERO));
        health.note(false);
        std::thread::sleep(Duration::from_millis(20));
        health.note(false);
        assert!(health.is_failing_for(Duration::from_millis(20)) && !health.is_stalled());
        health.note(true);
        assert!(!health.is_failing_for(Duration::ZERO));
    }
}
