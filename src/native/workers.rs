//! The threads that answer calls, in lanes. Calls that wait for a server do not delay the others: a server that hangs
//! must not keep anybody from looking at a mail.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::call::Call;
use super::fault::{Fault, Kind};
use super::lock;
use super::methods::{Lane, Method};
use super::session::{Session, Ticket};
use super::threads::Threads;
use crate::faults;

/// Most calls that wait in a lane. When it is full, the program stops reading: an extension that does not read its
/// answers fills its own memory and not ours.
const WAITING: usize = 256;

/// A call on its way to the function that answers it.
pub struct Job {
    pub ticket: Arc<Ticket>,
    pub method: &'static Method,
    pub params: Value,
}

impl Job {
    /// Answers the call. If the function panics, only its call fails.
    pub fn answer(self, session: &Session) {
        let call = Call::new(session, Arc::clone(&self.ticket));
        let run = || (self.method.run)(&call, self.params);
        let outcome = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(broken()));
        session.answer(&self.ticket, &outcome);
        faults::passed("native.answered");
    }
}

fn broken() -> Fault {
    Fault::new(Kind::Internal, "a fault in mispigeon; please report it")
}

/// The queues of the workers, who end when the queues are dropped.
pub struct Workers {
    reading: SyncSender<Job>,
    local: SyncSender<Job>,
    question: SyncSender<Job>,
    delivery: SyncSender<Job>,
}

impl Workers {
    /// Starts all workers. More of them would only wait for the same processor, server and disk.
    pub fn start(session: &Arc<Session>, threads: &mut Threads) -> Self {
        let mut lane = |name, workers| {
            let (jobs, queue) = mpsc::sync_channel(WAITING);
            let queue = Arc::new(Mutex::new(queue));
            for _ in 0..workers {
                let (session, queue) = (Arc::clone(session), Arc::clone(&queue));
                threads.start(name, move || work(&session, &queue));
            }
            jobs
        };
        Self {
            reading: lane("calls that take mails apart", 2),
            local: lane("calls about this machine", 2),
            question: lane("questions to the server", 2),
            delivery: lane("deliveries", 3),
        }
    }

    /// Answers a call, or puts it into the queue of its lane.
    pub fn give(&self, session: &Session, job: Job) {
        let lane = match job.method.lane {
            Lane::AtOnce => return job.answer(session),
            Lane::Reading => &self.reading,
            Lane::Local => &self.local,
            Lane::Question => &self.question,
            Lane::Delivery => &self.delivery,
        };
        if let Err(mpsc::SendError(job)) = lane.send(job) {
            // All workers of the lane are gone.
            session.answer(&job.ticket, &Err(broken()));
        }
    }
}

fn work(session: &Session, queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = lock(queue).recv();
        match job {
            Ok(job) => answer_apart(job, session),
            Err(mpsc::RecvError) => return,
        }
    }
}

/// In a thread of its own, which leaves the memory that it needed to the next one. Each worker would keep what its largest mail needed.
fn answer_apart(job: Job, session: &Session) {
    let job = Mutex::new(Some(job));
    let answer = || {
        if let Some(job) = lock(&job).take() {
            job.answer(session);
        }
    };
    thread::scope(|scope| {
        let spawn = |()| thread::Builder::new().spawn_scoped(scope, answer);
        if let Err(error) = faults::point("native.call.spawn").and_then(spawn) {
            tracing::debug!("a call is answered by its worker: {error}");
            answer();
        }
    });
}

#[cfg(test)]
#[path = "workers_tests.rs"]
mod tests;
