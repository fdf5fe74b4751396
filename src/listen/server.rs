//! What all connections share, and the peers that are connected.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use super::intake::Intake;
use super::recipients::Recipients;
use super::wire::Waker;
use crate::config::Config;
use crate::domain::Mode;

/// How long the listener waits for mails that are being received when it is told to end.
const GRACE: Duration = Duration::from_secs(10);

/// What all connections share.
pub(super) struct Server {
    pub(super) name: String,
    pub(super) mode: Mode,
    pub(super) recipients: Recipients,
    pub(super) config: Config,
    pub(super) max_size: usize,
    pub(super) max_recipients: usize,
    pub(super) max_connections: usize,
    pub(super) patience: Duration,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) intake: Intake,
    pub(super) ending: AtomicBool,
    pub(super) guests: Mutex<Guests>,
}

/// The connected peers: how to wake the thread that serves one, and whether it is receiving a message.
#[derive(Default)]
pub(super) struct Guests {
    present: HashMap<u64, (Waker, Arc<AtomicBool>)>,
    next: u64,
}

/// A peer that was let in, until this is dropped.
pub(super) struct Guest<'s> {
    server: &'s Server,
    number: u64,
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.server.guests().present.remove(&self.number);
    }
}

impl Server {
    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a peer in, if there is room for one more.
    pub(super) fn admit(&self, waker: Waker, busy: Arc<AtomicBool>) -> Option<Guest<'_>> {
        let mut guests = self.guests();
        if guests.present.len() >= self.max_connections {
            return None;
        }
        let number = guests.next;
        guests.next += 1;
        guests.present.insert(number, (waker, busy));
        Some(Guest { server: self, number })
    }

    /// Ends idle connections, then waits for messages that are being received and for the running delivery. What is not
    /// delivered stays in the outbox.
    pub(super) fn end(&self, delivering: &thread::JoinHandle<()>) {
        self.ending.store(true, Ordering::SeqCst);
        let until = Instant::now() + GRACE;
        loop {
            let guests = self.guests();
            if (guests.present.is_empty() && delivering.is_finished()) || Instant::now() > until {
                return;
            }
            for (waker, busy) in guests.present.values() {
                if !busy.load(Ordering::SeqCst) {
                    waker.wake();
                }
            }
            drop(guests);
            thread::sleep(Duration::from_millis(20));
        }
    }
}
