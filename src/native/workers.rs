//! The threads that answer calls, in lanes: calls that wait for a server do not hold up those that do not. A server that hangs
//! must keep nobody from looking at a mail.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::call::Call;
use super::fault::{Fault, Kind};
use super::lock;
use super::methods::{Lane, Method};
use super::session::Session;
use super::threads::Threads;

/// Calls that may wait in a lane. While more come, nothing is read: an extension that does not take its answers fills its own
/// memory, not ours.
const WAITING: usize = 256;

/// A call on its way to the function that answers it.
pub struct Job {
    pub id: u64,
    pub method: &'static Method,
    pub params: Value,
    pub given_up: Arc<AtomicBool>,
}

impl Job {
    /// Answers the call. A function that panics costs its own call only.
    pub fn answer(self, session: &Session) {
        let call = Call::new(session, self.id, self.given_up);
        let run = || (self.method.run)(&call, self.params);
        let outcome = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(broken()));
        session.finish(self.id);
        session.output.answer(Some(self.id), &outcome);
    }
}

fn broken() -> Fault {
    Fault::new(Kind::Internal, "a fault in mispigeon; please report it")
}

/// The ways to the workers, who end when these are dropped.
pub struct Workers {
    local: SyncSender<Job>,
    question: SyncSender<Job>,
    delivery: SyncSender<Job>,
}

impl Workers {
    /// Starts all of them. More would only wait for the same processor, server and disk.
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
            local: lane("calls about this machine", 2),
            question: lane("questions to the server", 2),
            delivery: lane("deliveries", 3),
        }
    }

    /// Answers a call, or hands it to the workers of its lane.
    pub fn give(&self, session: &Session, job: Job) {
        let lane = match job.method.lane {
            Lane::AtOnce => return job.answer(session),
            Lane::Local => &self.local,
            Lane::Question => &self.question,
            Lane::Delivery => &self.delivery,
        };
        if let Err(mpsc::SendError(job)) = lane.send(job) {
            // All workers of the lane are gone.
            session.finish(job.id);
            session.output.answer(Some(job.id), &Err(broken()));
        }
    }
}

fn work(session: &Session, queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = lock(queue).recv();
        match job {
            Ok(job) => job.answer(session),
            Err(mpsc::RecvError) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::methods;
    use super::super::transport::tests::Pipe;
    use super::*;

    fn kind(of: impl Fn(&Session, Job), method: &'static Method) -> (Value, Value) {
        let pipe = Pipe::default();
        let session = Session::new(pipe.clone(), None);
        let job = Job {
            id: 7,
            method,
            params: Value::Null,
            given_up: session.begin(7),
        };
        of(&session, job);
        let mut answer = pipe.message().1;
        (answer["id"].take(), answer["error"]["data"]["kind"].take())
    }

    #[test]
    fn a_call_that_breaks_is_answered() {
        const BROKEN: &Method = &Method {
            name: "broken",
            lane: Lane::Local,
            run: |_, _| panic!("of this test"),
        };
        let answer = kind(|session, job| job.answer(session), BROKEN);
        assert_eq!(answer, (7.into(), "internal".into()));
    }

    #[test]
    fn a_call_that_nobody_is_left_for_is_answered() {
        let gone = || mpsc::sync_channel(1).0;
        let workers = Workers {
            local: gone(),
            question: gone(),
            delivery: gone(),
        };
        for method in ["status", "known", "send"] {
            let answer = kind(
                |session, job| workers.give(session, job),
                methods::find(method).unwrap(),
            );
            assert_eq!(answer, (7.into(), "internal".into()));
        }
    }
}
