//! The memory, or the disk, that messages may take while they are received and stored, in all and of one peer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A message of that size takes no part of the room: so many connections are never so much.
const FREE: usize = 64 << 10;

/// Who counts as one: an IPv4 address, or the /64 that one customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer(u128);

impl Peer {
    pub(super) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => u32::from(address).into(),
            IpAddr::V6(address) => u128::from(address) >> 64 << 64,
        })
    }
}

#[derive(Default)]
struct Held {
    all: usize,
    by_peer: HashMap<Peer, usize>,
}

pub(super) struct Room {
    most: usize,
    held: Mutex<Held>,
    given_back: Condvar,
}

/// What one message holds; given back when it is dropped.
pub(super) struct Hold<'r> {
    room: &'r Room,
    /// None of a peer on this machine that came through a socket file.
    peer: Option<Peer>,
    bytes: usize,
}

impl Room {
    /// `most` bytes in all, and half of it for one peer; the largest message always fits.
    pub(super) fn new(most: usize, largest: usize) -> Self {
        Self {
            most: most.max(largest.saturating_mul(2)),
            held: Mutex::default(),
            given_back: Condvar::new(),
        }
    }

    pub(super) fn hold(&self, peer: Option<Peer>) -> Hold<'_> {
        Hold {
            room: self,
            peer,
            bytes: 0,
        }
    }

    /// Whether little of it is left.
    pub(super) fn is_tight(&self) -> bool {
        self.held().all > self.most / 4 * 3
    }

    /// Whether a message of this peer may take so many bytes more.
    fn has(&self, held: &Held, peer: Option<Peer>, more: usize) -> bool {
        let of_peer = peer.and_then(|peer| held.by_peer.get(&peer)).copied();
        held.all + more <= self.most && (peer.is_none() || of_peer.unwrap_or_default() + more <= self.most / 2)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold<'_> {
    /// Whether the message may take so many bytes in all. With 0 it gives back what it has.
    pub(super) fn grow(&mut self, to: usize) -> bool {
        if to == 0 {
            self.give_back();
        }
        self.grow_within(to, Duration::ZERO)
    }

    /// The same; waits so long for others to give back.
    pub(super) fn grow_within(&mut self, to: usize, patience: Duration) -> bool {
        if to <= FREE.max(self.bytes) {
            return true;
        }
        let more = to - self.bytes;
        let room = self.room;
        let full = |held: &mut Held| !room.has(held, self.peer, more);
        let waited = room.given_back.wait_timeout_while(room.held(), patience, full);
        let (mut held, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && !room.has(&held, self.peer, more) {
            return false;
        }
        if let Some(peer) = self.peer {
            *held.by_peer.entry(peer).or_default() += more;
        }
        held.all += more;
        self.bytes = to;
        true
    }

    fn give_back(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        if bytes == 0 {
            return;
        }
        let mut held = self.room.held();
        held.all -= bytes;
        if let Some(peer) = self.peer
            && let Some(of_peer) = held.by_peer.get_mut(&peer)
        {
            *of_peer -= bytes;
            if *of_peer == 0 {
                held.by_peer.remove(&peer);
            }
        }
        drop(held);
        self.room.given_back.notify_all();
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Peer {
        Peer::of(address.parse().unwrap())
    }

    #[test]
    fn a_peer_gets_half_and_gives_it_back() {
        let room = Room::new(10 << 20, 1 << 20);
        let mut one = room.hold(Some(peer("192.0.2.1")));
        assert!(one.grow(5 << 20) && !one.grow(6 << 20));
        assert!(
            !room.hold(Some(peer("::ffff:192.0.2.1"))).grow(1 << 20),
            "the same address"
        );
        let mut other = room.hold(Some(peer("192.0.2.2")));
        assert!(other.grow(5 << 20));
        assert!(room.is_tight() && !room.hold(None).grow(1 << 20));
        assert!(room.hold(None).grow(FREE), "small ones always fit");
        drop((one, other));
        assert!(!room.is_tight() && room.held().by_peer.is_empty());
        assert!(room.hold(Some(peer("192.0.2.1"))).grow(5 << 20));
    }

    #[test]
    fn the_largest_message_fits_whatever_the_room_is() {
        assert!(Room::new(1, 8 << 20).hold(Some(peer("192.0.2.1"))).grow(8 << 20));
    }

    #[test]
    fn addresses_of_one_customer_are_one_peer() {
        assert_eq!(peer("2001:db8:1:2::1"), peer("2001:db8:1:2:3::4"));
        assert_ne!(peer("2001:db8:1:2::1"), peer("2001:db8:1:3::1"));
    }
}
