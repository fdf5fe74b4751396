//! The threads that take large mails apart for all connections. What that needs of memory is many times the mail, and a thread keeps it
//! for its next one: so it is needed once for each of these few threads, not once for each connection.

use std::io;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::faults;

/// A mail of more bytes is large.
pub(super) const LARGE: usize = 256 << 10;

/// So that one mail that takes long does not stop the others.
const THREADS: usize = 2;

/// Never panics.
type Work = Box<dyn FnOnce() + Send>;

/// The queue of the threads, which end with it.
pub(super) struct Large(SyncSender<Work>);

impl Large {
    pub(super) fn start() -> io::Result<Self> {
        let (works, queue) = mpsc::sync_channel(0);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..THREADS {
            let queue = Arc::clone(&queue);
            faults::point("listen.large.spawn")?;
            thread::Builder::new().spawn(move || {
                while let Some(work) = next(&queue) {
                    work();
                }
            })?;
        }
        Ok(Self(works))
    }

    /// Does `work` when it is its turn. `None` if the threads have ended.
    pub(super) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, result) = mpsc::sync_channel(1);
        let work = Box::new(move || drop(done.send(work())));
        self.0.send(work).ok()?;
        result.recv().ok()
    }
}

fn next(queue: &Mutex<Receiver<Work>>) -> Option<Work> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_that_takes_long_does_not_stop_the_others() {
        let large = Large::start().unwrap();
        let (go_on, waiting) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let long = scope.spawn(|| large.run(move || waiting.recv().is_err()));
            for number in 0..10 {
                assert_eq!(large.run(move || number * 2), Some(number * 2));
            }
            drop(go_on);
            assert_eq!(long.join().unwrap(), Some(true));
        });
    }
}
