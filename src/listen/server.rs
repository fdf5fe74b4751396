//! What all connections share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use super::ListenError;
use super::body::Spool;
use super::guests::Guests;
use super::health::Health;
use super::intake::Intake;
use super::recipients::Recipients;
use super::room::Room;
use super::tls;
use crate::config::{Config, Current, Settings};
use crate::domain::Mode;

/// How long the listener waits at its end for mails that are being received.
const GRACE: Duration = Duration::from_secs(10);

/// How long a peer may take when there is little room for others.
const SHORT: Duration = Duration::from_secs(10);

/// What all connections share.
pub(super) struct Server {
    pub(super) name: String,
    pub(super) mode: Mode,
    pub(super) recipients: Recipients,
    pub(super) config: Current,
    pub(super) max_size: usize,
    pub(super) max_recipients: usize,
    patience: Duration,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) intake: Intake,
    pub(super) ending: AtomicBool,
    pub(super) health: Health,
    pub(super) guests: Guests,
    pub(super) spool: Spool,
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
            config: Current::new(config.clone()),
            max_size: top.mail.max_size,
            max_recipients: listen.max_recipients,
            patience: listen.timeout,
            tls,
            intake,
            ending: AtomicBool::new(false),
            health: Health::default(),
            guests: Guests::new(listen.max_connections, listen.max_connections_per_peer),
            spool: Spool {
                folder: top.paths.data.clone(),
                above: listen.spool_above,
                memory: Room::new(listen.max_memory, top.mail.max_size),
                disk: Room::new(listen.max_spool, top.mail.max_size),
            },
        })
    }

    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// How long a peer may take: less when others wait for its place, or for room.
    pub(super) fn patience(&self) -> Duration {
        if self.guests.are_many() || self.spool.is_tight() {
            self.patience.min(SHORT)
        } else {
            self.patience
        }
    }

    /// Ends idle connections. Then waits for messages that are being received and for the running delivery. What is not
    /// delivered stays in the outbox.
    pub(super) fn end(&self, delivering: &thread::JoinHandle<()>) {
        self.ending.store(true, Ordering::SeqCst);
        let until = Instant::now() + GRACE;
        loop {
            if (self.guests.end_idle() && delivering.is_finished()) || Instant::now() > until {
                return;
            }
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
