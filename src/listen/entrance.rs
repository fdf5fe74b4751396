//! The threads of one address. Each of them accepts a connection and serves it itself; when the last waiting thread gets a
//! connection, it first starts another one.

use std::io::{self, Write};
use std::net::IpAddr;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Place;
use super::address::Door;
use super::guests::Full;
use super::room::Peer;
use super::server::Server;
use super::session::Session;
use super::wire::{Timed, Wire};
use crate::faults;

/// Most threads of an address that wait for connections.
const SPARE: usize = 16;

pub(super) struct Entrance {
    server: Arc<Server>,
    door: Door,
    place: Place,
    waiting: AtomicUsize,
}

impl Entrance {
    pub(super) fn new(server: Arc<Server>, door: Door, place: Place) -> Self {
        Self {
            server,
            door,
            place,
            waiting: AtomicUsize::new(0),
        }
    }

    /// Starts a thread. Threads start others when they are needed.
    pub(super) fn attend(self: &Arc<Self>) -> io::Result<()> {
        faults::point("listen.entrance.spawn")?;
        let entrance = Arc::clone(self);
        thread::Builder::new().spawn(move || entrance.work()).map(drop)
    }

    /// Removes the socket file.
    pub(super) fn close(&self) {
        self.door.close();
    }

    fn work(self: &Arc<Self>) {
        while self.waiting.fetch_add(1, Ordering::SeqCst) < SPARE {
            let accepted = self.accept();
            let was_last = self.waiting.fetch_sub(1, Ordering::SeqCst) == 1;
            match accepted {
                Ok(_) if self.server.is_ending() => return,
                Ok((wire, peer)) => {
                    if was_last && let Err(error) = self.attend() {
                        // The next connection waits until an existing thread is free.
                        tracing::warn!("{}: no further thread: {error}", self.place.address);
                    }
                    // A fault in one session must not take a thread away from the others.
                    if panic::catch_unwind(AssertUnwindSafe(|| self.welcome(wire, peer))).is_err() {
                        tracing::error!(
                            "{}: a connection broke off because of a fault in mispigeon",
                            self.place.address
                        );
                    }
                }
                Err(error) => {
                    // Usually there are no file descriptors left. Connections that end free some.
                    tracing::warn!("{}: {error}", self.place.address);
                    thread::sleep(Duration::from_millis(100));
                }
            }
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    fn accept(&self) -> io::Result<(Wire, Option<IpAddr>)> {
        match &self.door {
            Door::Tcp(listener) => {
                let (stream, peer) = listener.accept()?;
                Ok((Wire::Tcp(Timed::new(stream)), Some(peer.ip())))
            }
            #[cfg(unix)]
            Door::Unix { listener, .. } => {
                let (stream, _) = listener.accept()?;
                Ok((Wire::Unix(Timed::new(stream)), None))
            }
        }
    }

    fn welcome(&self, mut wire: Wire, address: Option<IpAddr>) {
        let server = &*self.server;
        // An error means that the peer has gone already.
        let Ok(waker) = wire.settle() else { return };
        let guest = match server.guests.admit(waker, address.map(Peer::of)) {
            Ok(guest) => guest,
            Err(full) => {
                let from = match full {
                    Full::All => "",
                    Full::OfPeer => " from your address",
                };
                let reply = format!(
                    "421 4.7.0 {} has too many connections{from}; try again later\r\n",
                    server.name
                );
                let _ = wire.write_all(reply.as_bytes());
                tracing::debug!("{address:?}: too many connections{from}");
                return;
            }
        };
        let wire = if self.place.tls {
            encrypted(wire, server.tls.clone())
        } else {
            Some(wire)
        };
        if let Some(wire) = wire {
            Session::new(server, self.place.protocol, wire, address, &guest.presence).run();
        }
    }
}

fn encrypted(wire: Wire, tls: Option<Arc<ServerConfig>>) -> Option<Wire> {
    let Wire::Tcp(stream) = wire else { return Some(wire) };
    let connection = ServerConnection::new(tls?).ok()?;
    Some(Wire::Tls(Box::new(StreamOwned::new(connection, stream))))
}
