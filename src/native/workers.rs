//! The threads that work on calls, and the call in their hands. Calls that wait for a server do not stand in the way of those
//! that do not: a server that hangs must keep nobody from looking at a mail.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::fault::Fault;
use super::router::Run;
use super::session::{Host, Running, lock};

/// Calls that may wait for a worker. While more come, nothing is read: an extension that does not take its answers fills its
/// own memory, not ours.
const WAITING: usize = 256;

/// At most this often does a call tell how far it is within a stage.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(250);

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// This machine only.
    Local,
    /// An answer of the server that a person would like to have.
    Question,
    /// An event's way to its destination.
    Delivery,
}

impl Lane {
    const ALL: [Self; 3] = [Self::Local, Self::Question, Self::Delivery];

    /// Calls that are worked on at a time. More would only wait for the same processor, server and disk.
    const fn workers(self) -> usize {
        match self {
            Self::Local | Self::Question => 2,
            Self::Delivery => 3,
        }
    }
}

/// A call on its way to a worker.
pub struct Job {
    /// Number of the request.
    pub id: u64,
    /// What answers it.
    pub run: Run,
    /// Its parameters.
    pub params: Value,
}

/// The way to the workers; they end with it.
pub struct Workers([SyncSender<Job>; 3]);

impl Workers {
    /// Starts all of them.
    pub fn start(host: &Arc<Host>) -> Self {
        Self(Lane::ALL.map(|lane| {
            let (jobs, queue) = mpsc::sync_channel(WAITING);
            let queue = Arc::new(Mutex::new(queue));
            for _ in 0..lane.workers() {
                let (host, queue) = (Arc::clone(host), Arc::clone(&queue));
                thread::spawn(move || work(&host, &queue));
            }
            jobs
        }))
    }

    /// Hands a call to the workers of its lane.
    pub fn give(&self, lane: Lane, job: Job) {
        let Self([local, question, delivery]) = self;
        let jobs = match lane {
            Lane::Local => local,
            Lane::Question => question,
            Lane::Delivery => delivery,
        };
        // They are there as long as this end of the channel is.
        let _ = jobs.send(job);
    }
}

fn work(host: &Host, queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = lock(queue).recv();
        let Ok(Job { id, run, params }) = job else {
            return;
        };
        let task = Task {
            id,
            host,
            given_up: host.token(id),
            told: Mutex::default(),
        };
        let running = Running::begin(host);
        let answer = panic::catch_unwind(AssertUnwindSafe(|| run(host, params, &task)))
            .unwrap_or_else(|_| Err(Fault::new("internal", "a fault in mispigeon; please report it")));
        host.finish(id, answer);
        drop(running);
    }
}

/// A call in the hands of a worker.
pub struct Task<'h> {
    id: u64,
    host: &'h Host,
    given_up: Arc<AtomicBool>,
    told: Mutex<Option<(&'static str, Instant)>>,
}

impl Task<'_> {
    /// Fails when the extension gave the call up, or the connection ends; the call may have waited long for its worker.
    pub fn check(&self) -> Result<(), Fault> {
        if self.given_up.load(Ordering::Relaxed) || self.host.is_closing() {
            Err(Fault::cancelled())
        } else {
            Ok(())
        }
    }

    /// Tells how far the call is.
    pub fn progress(&self, stage: &'static str, done: usize, total: usize) {
        let mut told = lock(&self.told);
        let too_soon = told.is_some_and(|(last, at)| last == stage && at.elapsed() < BETWEEN_PROGRESS);
        if !too_soon {
            *told = Some((stage, Instant::now()));
            let params = json!({"id": self.id, "stage": stage, "done": done, "total": total});
            self.host.notify("progress", &params);
        }
    }
}
