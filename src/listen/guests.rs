//! The connected peers. When there is no place left, who has been silent gives way.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::room::Peer;
use super::wire::Waker;

/// Who says nothing for so long gives way to others when all places are taken.
const SILENT: Duration = Duration::from_secs(10);
/// Who is sending a message gives way after so long.
const SLOW: Duration = Duration::from_mins(1);

/// What others may know of a connection.
pub(super) struct Presence {
    /// It is receiving a message, which may be completed even if the listener ends.
    pub(super) busy: AtomicBool,
    /// It has to give way.
    pub(super) ousted: AtomicBool,
    /// When its last command came.
    heard: Mutex<Instant>,
}

impl Presence {
    fn new() -> Self {
        Self {
            busy: AtomicBool::new(false),
            ousted: AtomicBool::new(false),
            heard: Mutex::new(Instant::now()),
        }
    }

    pub(super) fn hear(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long it has kept others waiting, longer than it may; zero if it may go on.
    fn overtime(&self) -> Duration {
        let silent = self.heard.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        let may = if self.busy.load(Ordering::SeqCst) { SLOW } else { SILENT };
        silent.saturating_sub(may)
    }
}

struct Entry {
    waker: Waker,
    peer: Option<Peer>,
    presence: Arc<Presence>,
}

pub(super) struct Guests {
    most: usize,
    /// Of one peer.
    most_of_peer: usize,
    list: Mutex<List>,
    /// The length of the list.
    present: AtomicUsize,
}

#[derive(Default)]
struct List {
    present: HashMap<u64, Entry>,
    next: u64,
}

/// Keeps a peer admitted until it is dropped.
pub(super) struct Guest<'g> {
    guests: &'g Guests,
    number: u64,
    pub(super) presence: Arc<Presence>,
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        let mut list = self.guests.list();
        let entry = list.present.remove(&self.number);
        self.guests.present.store(list.present.len(), Ordering::Relaxed);
        drop(list);
        // This closes the socket, for which nobody has to wait.
        drop(entry);
    }
}

/// Why a peer is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    All,
    OfPeer,
}

impl Guests {
    pub(super) fn new(most: usize, most_of_peer: usize) -> Self {
        Self {
            most,
            most_of_peer,
            list: Mutex::default(),
            present: AtomicUsize::new(0),
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a peer if there is a place. If there is none, it may have that of somebody who has been silent, or has taken very long
    /// for a message: the connections are one more for the moment that its thread needs to end.
    pub(super) fn admit(&self, waker: Waker, peer: Option<Peer>) -> Result<Guest<'_>, Full> {
        let mut list = self.list();
        let staying = |entry: &&Entry| !entry.presence.ousted.load(Ordering::SeqCst);
        if peer.is_some() && list.present.values().filter(|entry| entry.peer == peer).count() >= self.most_of_peer {
            return Err(Full::OfPeer);
        }
        if list.present.values().filter(staying).count() >= self.most {
            let slowest = list
                .present
                .values()
                .filter(staying)
                .max_by_key(|entry| entry.presence.overtime());
            let slowest = slowest
                .filter(|entry| !entry.presence.overtime().is_zero())
                .ok_or(Full::All)?;
            // No more threads than places, and half as many again.
            if list.present.len() >= self.most + self.most.div_ceil(2) {
                return Err(Full::All);
            }
            slowest.presence.ousted.store(true, Ordering::SeqCst);
            slowest.waker.wake();
        }
        let number = list.next;
        list.next += 1;
        let presence = Arc::new(Presence::new());
        let entry = Entry {
            waker,
            peer,
            presence: Arc::clone(&presence),
        };
        list.present.insert(number, entry);
        self.present.store(list.present.len(), Ordering::Relaxed);
        Ok(Guest {
            guests: self,
            number,
            presence,
        })
    }

    /// Ends those that are slow, as memory is short.
    pub(super) fn oust_slow(&self) {
        for entry in self.list().present.values() {
            if entry.presence.busy.load(Ordering::SeqCst) && !entry.presence.overtime().is_zero() {
                entry.presence.ousted.store(true, Ordering::SeqCst);
                entry.waker.wake();
            }
        }
    }

    /// Whether most places are taken.
    pub(super) fn are_many(&self) -> bool {
        self.present.load(Ordering::Relaxed) * 4 > self.most * 3
    }

    /// Ends idle connections; whether nobody is left.
    pub(super) fn end_idle(&self) -> bool {
        let list = self.list();
        for entry in list.present.values() {
            if !entry.presence.busy.load(Ordering::SeqCst) {
                entry.waker.wake();
            }
        }
        list.present.is_empty()
    }
}
