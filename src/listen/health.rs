//! Whether delivery works. While it does not, the listener takes no mails: whoever has them keeps them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long delivery may fail before peers are told.
const TOLERATED: Duration = Duration::from_secs(5);

/// How long one mail may take. The longest that may be well is a process of its own that waits for a server.
const HANGS: Duration = Duration::from_mins(20);

pub(super) struct Health {
    failing_since: Mutex<Option<Instant>>,
    /// When delivery last came forward.
    beat: Mutex<Instant>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            failing_since: Mutex::default(),
            beat: Mutex::new(Instant::now()),
        }
    }
}

impl Health {
    /// To be called whenever delivery comes forward, or waits for mails.
    pub(super) fn beat(&self) {
        *self.beat.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// To be called after each attempt to deliver.
    pub(super) fn note(&self, works: bool) {
        let mut since = self.failing_since.lock().unwrap_or_else(PoisonError::into_inner);
        *since = if works {
            None
        } else {
            since.or_else(|| Some(Instant::now()))
        };
    }

    /// Whether delivery has been failing for too long, or hangs.
    pub(super) fn is_stalled(&self) -> bool {
        self.is_failing_for(TOLERATED) || self.is_silent_for(HANGS)
    }

    fn is_silent_for(&self, time: Duration) -> bool {
        self.beat.lock().unwrap_or_else(PoisonError::into_inner).elapsed() >= time
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

    #[test]
    fn a_delivery_that_comes_no_further_counts_as_dead() {
        let health = Health::default();
        assert!(!health.is_stalled());
        *health.beat.lock().unwrap() = Instant::now().checked_sub(HANGS).unwrap();
        assert!(health.is_stalled());
        health.beat();
        assert!(!health.is_stalled());
    }
}
