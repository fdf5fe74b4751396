//! What all connections share, and the peers that are connected.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use super::ListenError;
use super::health::Health;
use super::intake::Intake;
use super::recipients::Recipients;
use super::tls;
use super::wire::Waker;
use crate::config::{Config, Settings};
use crate::domain::Mode;

/// How long the listener waits at its end for mails that are being received.
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
    pub(super) health: Health,
    guests: Mutex<Guests>,
}

/// The connected peers: how to wake the thread that serves one, and whether it is receiving a message.
#[derive(Default)]
pub(super) struct Guests {
    present: HashMap<u64, (Waker, Arc<AtomicBool>)>,
    next: u64,
}

/// Keeps a peer admitted until it is dropped.
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
    /// `top` are the settings of the top level. Makes a certificate only for SMTP, and if none is configured.
    pub(super) fn new(
        config: &Config,
        top: &Settings,
        mode: Mode,
        has_smtp: bool,
        intake: Intake,
    ) -> Result<Self, ListenError> {
        let listen = &top.listen;
        let name = listen.name.clone().unwrap_or_else(host_name);
        let tls = match &listen.cert {
            Some(cert) => Some(tls::of_files(cert, listen.key.as_deref())?),
            None if has_smtp => Some(tls::own(&top.paths.data, &name)?),
            None => None,
        };
        Ok(Self {
            name,
            mode,
            recipients: Recipients::new(&listen.profiles, listen.only_known),
            config: config.clone(),
            max_size: top.mail.max_size,
            max_recipients: listen.max_recipients,
            max_connections: listen.max_connections,
            patience: listen.timeout,
            tls,
            intake,
            ending: AtomicBool::new(false),
            health: Health::default(),
            guests: Mutex::default(),
        })
    }

    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if there are too many connections.
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

    /// Ends idle connections. Then waits for messages that are being received and for the running delivery. What is not
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

fn host_name() -> String {
    let name = std::env::var("HOSTNAME")
        .ok()
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    let name = name.unwrap_or_default().trim().to_owned();
    if name.is_empty() { "localhost".to_owned() } else { name }
}
