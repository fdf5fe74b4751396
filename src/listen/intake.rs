//! The thread that stores the mails of all connections. It stores mails that arrive together, or while the disk is
//! busy, in one transaction, so that they wait for the disk only once.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use crate::config::ConfigError;
use crate::domain::{Submission, with_causes};
use crate::faults;
use crate::mail::MailError;
use crate::outbox::{Outbox, OutboxError, RowId};

/// Most mails in one transaction.
const TOGETHER: usize = 64;

/// Most bytes of mails in one transaction. They are in memory until then.
const BYTES_TOGETHER: usize = 16 << 20;

/// How long a mail waits for others that are being received.
const COMPANY: Duration = Duration::from_millis(1);

/// How often it is looked for them meanwhile.
const LOOKS: u32 = 4;

/// A mail on its way to the disk.
struct Job {
    submission: Submission,
    done: SyncSender<Result<RowId, OutboxError>>,
}

impl Job {
    fn end(self, outcome: Result<RowId, OutboxError>) {
        // If the connection has ended, the mail stays stored and the peer will send it again.
        let _ = self.done.send(outcome);
    }
}

/// Why a mail was not stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotStored {
    /// The mail itself is at fault.
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error("a fault in mispigeon; please report it with this mail")]
    Panic,
    #[error("the listener is shutting down")]
    Ending,
    #[error("the queue is not being worked on")]
    Stalled,
}

/// The queue of the storing thread.
#[derive(Clone)]
pub(super) struct Intake {
    jobs: SyncSender<Job>,
    coming: Arc<AtomicUsize>,
}

/// A mail that is being received. For a moment, other mails wait for it to be stored or dropped.
pub(super) struct Coming<'i> {
    intake: &'i Intake,
    is_expected: bool,
}

impl Coming<'_> {
    /// Stores the mail. When this returns its row, it survives a crash of the machine.
    pub(super) fn store(&mut self, submission: Submission) -> Result<RowId, NotStored> {
        let (done, answer) = mpsc::sync_channel(1);
        let job = Job { submission, done };
        self.intake.jobs.send(job).map_err(|_| NotStored::Ending)?;
        self.arrive();
        Ok(answer.recv().map_err(|_| NotStored::Ending)??)
    }

    fn arrive(&mut self) {
        if std::mem::take(&mut self.is_expected) {
            self.intake.coming.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        self.arrive();
    }
}

impl Intake {
    /// Starts the thread, which ends with the last copy of the returned value. Calls `stored` after each write.
    pub(super) fn start(outbox: Outbox, stored: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (jobs, queue) = mpsc::sync_channel(TOGETHER);
        let coming = Arc::new(AtomicUsize::new(0));
        let expected = Arc::clone(&coming);
        faults::point("listen.intake.spawn")?;
        thread::Builder::new().spawn(move || work(outbox, &queue, &expected, &stored))?;
        Ok(Self { jobs, coming })
    }

    pub(super) fn expect(&self) -> Coming<'_> {
        self.coming.fetch_add(1, Ordering::Relaxed);
        Coming {
            intake: self,
            is_expected: true,
        }
    }
}

fn work(mut outbox: Outbox, queue: &Receiver<Job>, coming: &AtomicUsize, stored: &impl Fn()) {
    while let Ok(first) = queue.recv() {
        let jobs = together(first, queue, coming);
        let take = || {
            store(&outbox, jobs);
            stored();
            if !outbox.is_there() {
                open_again(&mut outbox);
            }
        };
        // The senders of mails whose storing panics get no answer, which they take for "try again". This thread goes on.
        if panic::catch_unwind(AssertUnwindSafe(take)).is_err() {
            tracing::error!("mails were not stored because of a fault in mispigeon");
        }
    }
}

/// The job, and those that come before the disk is asked.
fn together(first: Job, queue: &Receiver<Job>, coming: &AtomicUsize) -> Vec<Job> {
    let until = Instant::now() + COMPANY;
    let mut bytes = first.submission.raw.len();
    let mut jobs = vec![first];
    while jobs.len() < TOGETHER && bytes < BYTES_TOGETHER {
        if let Ok(job) = queue.try_recv() {
            bytes += job.submission.raw.len();
            jobs.push(job);
        } else if coming.load(Ordering::Relaxed) > 0 && Instant::now() < until {
            // To be woken by each would cost more than a few looks.
            thread::sleep(COMPANY / LOOKS);
        } else {
            break;
        }
    }
    jobs
}

/// Opens the file that has the name of the database now, or makes one. If that fails, the next mail tries again.
fn open_again(outbox: &mut Outbox) {
    match Outbox::open(outbox.path()) {
        Ok(new) => {
            tracing::error!(
                "{} was deleted or replaced; a new one is in use",
                outbox.path().display()
            );
            *outbox = new;
        }
        Err(error) => tracing::error!("{}", with_causes(&error)),
    }
}

fn store(outbox: &Outbox, mut jobs: Vec<Job>) {
    match outbox.put_many(jobs.iter().map(|job| &job.submission)) {
        Ok(rows) => jobs.into_iter().zip(rows).for_each(|(job, row)| job.end(Ok(row.id))),
        Err(error) if jobs.len() == 1 => {
            if let Some(job) = jobs.pop() {
                job.end(Err(error));
            }
        }
        // One mail that cannot be stored must not affect the others.
        Err(_) => {
            for job in jobs {
                let outcome = outbox.put(&job.submission).map(|stored| stored.id);
                job.end(outcome);
            }
        }
    }
}
