//! The threads of a session and their end.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::faults;

pub struct Threads {
    /// The name of each thread's work, for the log.
    handles: Vec<(&'static str, JoinHandle<()>)>,
    /// Each thread has a copy. `ended` fails when the last copy is gone.
    alive: Sender<()>,
    ended: Receiver<()>,
}

impl Default for Threads {
    fn default() -> Self {
        let (alive, ended) = mpsc::channel();
        Self {
            handles: Vec::new(),
            alive,
            ended,
        }
    }
}

impl Threads {
    /// Without a thread its work is not done. Calls whose lane has no thread at all are answered with an error.
    pub fn start(&mut self, name: &'static str, work: impl FnOnce() + Send + 'static) {
        let alive = self.alive.clone();
        let run = move || {
            let _alive = alive;
            work();
        };
        match faults::point("native.spawn").and_then(|()| thread::Builder::new().spawn(run)) {
            Ok(thread) => self.handles.push((name, thread)),
            Err(error) => tracing::error!("no thread for {name}: {error}"),
        }
    }

    /// Waits at most `patience` until all threads have ended. Logs those that did not, or that panicked. Returns
    /// whether all ended well.
    pub fn end(self, patience: Duration) -> bool {
        drop(self.alive);
        let waited = self.ended.recv_timeout(patience);
        let is_over = waited == Err(RecvTimeoutError::Disconnected);
        let mut is_well = is_over;
        for (name, thread) in self.handles {
            if !is_over && !thread.is_finished() {
                tracing::debug!("a thread for {name} did not end in time");
            } else if thread.join().is_err() {
                tracing::error!("a thread for {name} ended because of a fault in mispigeon; please report it");
                is_well = false;
            }
        }
        is_well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_notices_how_its_threads_end() {
        let ended = |work: fn(), patience| {
            let mut threads = Threads::default();
            threads.start("ending", || {});
            threads.start("work", work);
            threads.end(patience)
        };
        let long = Duration::from_mins(10);
        assert!(ended(|| {}, long));
        assert!(!ended(|| panic!("of this test"), long));
        assert!(!ended(|| thread::sleep(Duration::from_mins(10)), Duration::ZERO));
        assert!(Threads::default().end(long));
    }
}
