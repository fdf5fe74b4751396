//! `mispigeon listen`: takes mails by LMTP from a mail server, and by SMTP as a spamtrap.
//!
//! One thread for each connection, one that stores what they take in ([`intake`]), one that delivers. A mail is acknowledged
//! when it is in the outbox; what becomes of it then is the outbox's matter, as with every other front door. The listener
//! passes nothing on.

mod address;
mod command;
mod inherited;
mod intake;
mod recipients;
mod session;
mod tls;
mod wire;
#[cfg(test)]
mod wire_tests;

use std::collections::HashMap;
use std::io;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub use address::Address;
use address::Door;
use intake::Intake;
use recipients::Recipients;
use session::Session;
pub use tls::check as check_certificate;
use wire::{Waker, Wire};

use crate::config::{Config, ConfigError, Listen, Settings};
use crate::outbox::{Outbox, OutboxError};
use crate::pipeline::delivery::{Courier, Delivery};
use crate::submission::Mode;

/// After this long without a new mail the outbox is looked at for what others left there.
const LOOK: Duration = Duration::from_secs(15);

/// A burst of mails is over when none came for this long.
const LULL: Duration = Duration::from_millis(50);

/// Under steady load delivery waits for a lull no longer than this.
const LONGEST_BURST: Duration = Duration::from_secs(3);

/// Rows that are delivered together.
const BATCH: usize = 1000;

/// How long mails in hand may take after the listener was told to end.
const GRACE: Duration = Duration::from_secs(10);

/// What is spoken at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// RFC 2033, for mail servers.
    Lmtp,
    /// RFC 5321, for everybody.
    Smtp,
}

impl Protocol {
    const fn name(self) -> &'static str {
        match self {
            Self::Lmtp => "LMTP",
            Self::Smtp => "ESMTP",
        }
    }
}

/// One address with what is spoken there.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where.
    pub address: Address,
    /// What.
    pub protocol: Protocol,
    /// TLS from the first byte.
    pub tls: bool,
}

/// Why the listener does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The configuration is at fault.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The state database cannot be opened.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// Nothing was named to listen at.
    #[error(
        "nothing to listen at: give --lmtp, --smtp or --smtps with an address, or set listen.lmtp, listen.smtp or \
             listen.smtps"
    )]
    NoPlace,
    /// An address of the configuration that is none.
    #[error("listen.{key}: {reason}")]
    Place {
        /// The setting.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// An address that cannot be had.
    #[error("cannot listen at {address}: {source}; is another program there, or are ports below 1024 not yours?")]
    Address {
        /// The address.
        address: Address,
        /// Why.
        source: io::Error,
    },
    /// A socket that was handed over and cannot be used.
    #[error("socket {number} that this process was started with: {reason}")]
    Socket {
        /// Which one, from 0.
        number: usize,
        /// What is wrong.
        reason: String,
    },
    /// A certificate or key that cannot be used.
    #[error("{}: {reason}; see listen.cert and listen.key", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The signals of the system cannot be waited for.
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
}

/// What all connections share.
struct Server {
    name: String,
    mode: Mode,
    recipients: Recipients,
    /// Of the top level and of each profile.
    settings: HashMap<Option<String>, Settings>,
    max_size: usize,
    max_recipients: usize,
    max_connections: usize,
    patience: Duration,
    tls: Option<Arc<ServerConfig>>,
    intake: Intake,
    ending: AtomicBool,
    connections: Mutex<HashMap<u64, (Waker, Arc<AtomicBool>)>>,
    next: AtomicU64,
}

impl Server {
    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    fn settings(&self, profile: Option<&str>) -> Option<&Settings> {
        self.settings.get(&profile.map(str::to_owned))
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<u64, (Waker, Arc<AtomicBool>)>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens at `places` and at the sockets that the process was started with, or else where the configuration says, until the
/// process is told to end. `ready` is called with each
/// address that was taken. `mode` is what the mails are.
pub fn serve(
    config: &Config,
    mut places: Vec<Place>,
    mode: Mode,
    ready: &mut dyn FnMut(&Place),
) -> Result<(), ListenError> {
    let top = config.profile(None)?;
    let mut doors = inherited::take()?;
    if places.is_empty() && doors.is_empty() {
        places = places_of(&top.listen)?;
        if places.is_empty() {
            return Err(ListenError::NoPlace);
        }
    }
    let mut settings = HashMap::from([(None, top.clone())]);
    for (profile, _) in &top.listen.profiles {
        settings.insert(Some(profile.clone()), config.profile(Some(profile))?);
    }
    let outbox = Outbox::open(&top.paths.state_db)?;
    let name = top.listen.name.clone().unwrap_or_else(host_name);
    let tls = match (
        &top.listen.cert,
        (places.iter().chain(doors.iter().map(|(_, place)| place))).any(|place| place.protocol == Protocol::Smtp),
    ) {
        (Some(cert), _) => Some(tls::of_files(cert, top.listen.key.as_deref())?),
        (None, true) => Some(tls::own(&top.paths.data, &name)?),
        (None, false) => None,
    };
    for place in places {
        let failed = |source| ListenError::Address {
            address: place.address.clone(),
            source,
        };
        let door = Door::open(&place.address).map_err(failed)?;
        let address = door.address().map_err(failed)?;
        doors.push((door, Place { address, ..place }));
    }
    let doors: Vec<_> = doors.into_iter().map(|(door, place)| (Arc::new(door), place)).collect();
    let signals = signals()?;
    let (stored, news) = mpsc::sync_channel(1);
    let intake = Intake::start(outbox, move || {
        // One that waits already says the same.
        let _ = stored.try_send(());
    });
    let server = Arc::new(Server {
        name,
        mode,
        recipients: Recipients::new(&top.listen.profiles, top.listen.only_known),
        settings,
        max_size: top.mail.max_size,
        max_recipients: top.listen.max_recipients,
        max_connections: top.listen.max_connections,
        patience: top.listen.patience,
        tls,
        intake,
        ending: AtomicBool::new(false),
        connections: Mutex::default(),
        next: AtomicU64::new(0),
    });
    for (door, place) in &doors {
        let (server, door, place) = (Arc::clone(&server), Arc::clone(door), place.clone());
        ready(&place);
        thread::spawn(move || accept(&server, &door, &place));
    }
    let delivering = {
        let (config, server) = (config.clone(), Arc::clone(&server));
        thread::spawn(move || deliver(&config, &top, &news, &server.ending))
    };
    // The sender is never given up: only a signal ends the wait.
    let _ = signals.recv();
    end(&server, &delivering);
    for (door, _) in &doors {
        door.close();
    }
    Ok(())
}

/// A message for the first signal that asks the process to end.
#[cfg(unix)]
fn signals() -> Result<Receiver<()>, ListenError> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT]).map_err(ListenError::Signals)?;
    let (told, waiting) = mpsc::channel();
    thread::spawn(move || {
        for _ in &mut signals {
            let _ = told.send(());
        }
    });
    Ok(waiting)
}

/// Elsewhere the system ends the process; what was acknowledged is in the outbox.
#[cfg(not(unix))]
fn signals() -> Result<Receiver<()>, ListenError> {
    let (told, waiting) = mpsc::channel();
    std::mem::forget(told);
    Ok(waiting)
}

fn host_name() -> String {
    let name = std::env::var("HOSTNAME")
        .ok()
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    let name = name.unwrap_or_default().trim().to_owned();
    if name.is_empty() { "localhost".to_owned() } else { name }
}

/// Takes connections until the process ends.
fn accept(server: &Arc<Server>, door: &Door, place: &Place) {
    loop {
        let accepted = match door {
            Door::Tcp(listener) => listener.accept().map(|(stream, peer)| {
                // Replies are small, and waited for.
                let _ = stream.set_nodelay(true);
                (Wire::Tcp(stream), peer.ip().to_string())
            }),
            #[cfg(unix)]
            Door::Unix { listener, .. } => listener
                .accept()
                .map(|(stream, _)| (Wire::Unix(stream), "local".to_owned())),
        };
        match accepted {
            Ok(_) if server.is_ending() => return,
            Ok((wire, peer)) => welcome(server, place, wire, peer),
            Err(error) => {
                // Out of descriptors, as a rule: those in use are given back soon.
                tracing::warn!("{}: {error}", place.address);
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

fn welcome(server: &Arc<Server>, place: &Place, wire: Wire, peer: String) {
    let id = server.next.fetch_add(1, Ordering::Relaxed);
    let busy = Arc::new(AtomicBool::new(false));
    {
        let mut connections = server.connections();
        if connections.len() >= server.max_connections {
            drop(connections);
            turn_away(wire, &server.name);
            return;
        }
        let Some(waker) = wire.waker() else { return };
        connections.insert(id, (waker, Arc::clone(&busy)));
    }
    let (of_thread, protocol, tls) = (Arc::clone(server), place.protocol, place.tls);
    let begun = thread::Builder::new().spawn(move || {
        let wire = if tls {
            encrypted(wire, of_thread.tls.clone())
        } else {
            Some(wire)
        };
        if let Some(wire) = wire {
            Session::new(&of_thread, protocol, wire, peer, busy).run();
        }
        of_thread.connections().remove(&id);
    });
    if let Err(error) = begun {
        tracing::warn!("no thread for a connection: {error}");
        server.connections().remove(&id);
    }
}

fn turn_away(mut wire: Wire, name: &str) {
    use std::io::Write;
    let _ = wire.write_all(format!("421 4.7.0 {name} has too many connections; try again later\r\n").as_bytes());
}

fn encrypted(wire: Wire, tls: Option<Arc<ServerConfig>>) -> Option<Wire> {
    let Wire::Tcp(stream) = wire else { return Some(wire) };
    let connection = ServerConnection::new(tls?).ok()?;
    let stream: StreamOwned<ServerConnection, TcpStream> = StreamOwned::new(connection, stream);
    Some(Wire::Tls(Box::new(stream)))
}

/// Delivers what is due, at once when a mail was stored.
fn deliver(config: &Config, settings: &Settings, news: &Receiver<()>, ending: &AtomicBool) {
    let courier = match Courier::open(config, settings) {
        Ok(courier) => courier,
        Err(error) => return tracing::error!("nothing is delivered: {error}"),
    };
    let go_on = || !ending.load(Ordering::SeqCst);
    while go_on() {
        wait_for_lull(news);
        match courier.deliver_batch(BATCH, &go_on, &mut report) {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!("{error}"),
        }
        let mut left = LOOK;
        // Looked at now and then, as the end of the listener wakes nobody here.
        while !left.is_zero() && go_on() {
            let step = left.min(Duration::from_millis(200));
            match news.recv_timeout(step) {
                Err(RecvTimeoutError::Timeout) => left -= step,
                Ok(()) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// Taking mails in goes before delivering them: their senders wait, the outbox does not mind.
fn wait_for_lull(news: &Receiver<()>) {
    let until = Instant::now() + LONGEST_BURST;
    while Instant::now() < until && news.recv_timeout(LULL).is_ok() {}
}

/// Says what went wrong; the outbox has it too.
fn report(delivery: Delivery) {
    let id = delivery.id;
    match delivery.receipt.error {
        Some(error) if delivery.fault.is_some() => tracing::error!("outbox entry {id}: {error}"),
        Some(error) => tracing::warn!("outbox entry {id} waits: {error}"),
        None => tracing::info!("outbox entry {id}: delivered"),
    }
}

/// The addresses of the configuration.
fn places_of(listen: &Listen) -> Result<Vec<Place>, ListenError> {
    let settings = [
        ("lmtp", &listen.lmtp, Protocol::Lmtp, false),
        ("smtp", &listen.smtp, Protocol::Smtp, false),
        ("smtps", &listen.smtps, Protocol::Smtp, true),
    ];
    let place = |key, text: &String, protocol, tls| match text.parse() {
        Ok(address) => Ok(Place { address, protocol, tls }),
        Err(reason) => Err(ListenError::Place { key, reason }),
    };
    settings
        .into_iter()
        .flat_map(|(key, texts, protocol, tls)| texts.iter().map(move |text| place(key, text, protocol, tls)))
        .collect()
}

/// Sends idle peers away and waits for the mails in hand, and for the delivery in hand; what remains is in the outbox.
fn end(server: &Server, delivering: &thread::JoinHandle<()>) {
    server.ending.store(true, Ordering::SeqCst);
    let until = Instant::now() + GRACE;
    loop {
        let connections = server.connections();
        if (connections.is_empty() && delivering.is_finished()) || Instant::now() > until {
            return;
        }
        for (waker, busy) in connections.values() {
            if !busy.load(Ordering::SeqCst) {
                waker.wake();
            }
        }
        drop(connections);
        thread::sleep(Duration::from_millis(20));
    }
}
