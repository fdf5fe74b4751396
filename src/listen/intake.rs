//! The thread that stores what all connections take in: what comes while the disk is written to waits together for the next
//! write, so that many mails need few waits.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use crate::outbox::{Outbox, OutboxError};
use crate::submission::Submission;

/// Mails that one write of the disk takes.
const TOGETHER: usize = 64;

/// Bytes of mails that one write takes, and so waits for in memory.
const BYTES_TOGETHER: usize = 16 << 20;

/// The submissions of one mail, on their way to the disk.
struct Job {
    submissions: Vec<Submission>,
    done: SyncSender<Result<(), String>>,
}

/// The way to the storing thread.
#[derive(Clone)]
pub(super) struct Intake(SyncSender<Job>);

impl Intake {
    /// Starts the thread; `stored` is called after each write. It ends with the last copy of the returned value.
    pub(super) fn start(outbox: Outbox, stored: impl Fn() + Send + 'static) -> Self {
        let (jobs, queue) = mpsc::sync_channel(TOGETHER);
        thread::spawn(move || work(&outbox, &queue, &stored));
        Self(jobs)
    }

    /// Stores the submissions, all or none; they survive a crash of the machine when this returns.
    pub(super) fn store(&self, submissions: Vec<Submission>) -> Result<(), String> {
        let (done, answer) = mpsc::sync_channel(1);
        let gone = || "the listener is ending".to_owned();
        self.0.send(Job { submissions, done }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

fn work(outbox: &Outbox, queue: &Receiver<Job>, stored: &impl Fn()) {
    while let Ok(first) = queue.recv() {
        let mut bytes = size(&first);
        let mut jobs = vec![first];
        while jobs.len() < TOGETHER && bytes < BYTES_TOGETHER {
            let Ok(job) = queue.try_recv() else { break };
            bytes += size(&job);
            jobs.push(job);
        }
        store(outbox, &jobs);
        stored();
    }
}

fn size(job: &Job) -> usize {
    job.submissions.iter().map(|submission| submission.raw.len()).sum()
}

fn store(outbox: &Outbox, jobs: &[Job]) {
    let together = put(outbox, jobs);
    for job in jobs {
        let outcome = match &together {
            Ok(()) => Ok(()),
            // One that cannot be stored must not keep the others out.
            Err(_) if jobs.len() > 1 => put(outbox, std::slice::from_ref(job)).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        // The connection may have ended meanwhile; the mail is kept all the same, and its peer sends it again.
        let _ = job.done.send(outcome);
    }
}

fn put(outbox: &Outbox, jobs: &[Job]) -> Result<(), OutboxError> {
    outbox.put_many(jobs.iter().flat_map(|job| &job.submissions)).map(drop)
}
