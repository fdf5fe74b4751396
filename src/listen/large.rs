//! The thread that takes large mails apart for all connections, one after another. What that needs of memory is many times the mail, and
//! a thread keeps it for its next one: so it is needed once, not once for each connection.

use std::io;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use crate::faults;

/// A mail of more bytes is large.
pub(super) const LARGE: usize = 256 << 10;

/// Never panics.
type Work = Box<dyn FnOnce() + Send>;

/// The queue of the thread, which ends with it.
pub(super) struct Large(SyncSender<Work>);

impl Large {
    pub(super) fn start() -> io::Result<Self> {
        let (works, queue) = mpsc::sync_channel::<Work>(0);
        faults::point("listen.large.spawn")?;
        thread::Builder::new().spawn(move || queue.iter().for_each(|work| work()))?;
        Ok(Self(works))
    }

    /// Does `work` when it is its turn. `None` if the thread has ended.
    pub(super) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, result): (_, Receiver<T>) = mpsc::sync_channel(1);
        let work = Box::new(move || drop(done.send(work())));
        self.0.send(work).ok()?;
        result.recv().ok()
    }
}
