//! `mispigeon listen`: takes mails by LMTP from a mail server, and by SMTP as a spamtrap.
//!
//! Threads that each serve one connection at a time ([`entrance`]), one that stores what they take in ([`intake`]), one that
//! delivers. A mail is acknowledged when it is in the outbox; what becomes of it then is the outbox's matter, as with every
//! other front door. The listener passes nothing on.

mod address;
mod command;
mod entrance;
mod inherited;
mod intake;
mod recipients;
mod session;
mod tls;
mod wire;
#[cfg(test)]
mod wire_tests;

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use address::Door;
pub use address::{Address, NoAddress};
use entrance::Entrance;
use intake::Intake;
use recipients::Recipients;
pub use tls::check as check_certificate;
use wire::Waker;

use crate::config::{Config, ConfigError, Listen, Settings};
use crate::domain::{Mode, with_causes};
use crate::outbox::{Outbox, OutboxError};
use crate::pipeline::delivery::{Courier, Delivery};

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
    #[error("listen.{key}")]
    Place {
        /// The setting.
        key: &'static str,
        /// What is wrong.
        source: NoAddress,
    },
    /// An address that cannot be had.
    #[error("cannot listen at {address}; is another program there, or are ports below 1024 not yours?")]
    Address {
        /// The address.
        address: Address,
        /// Why.
        source: io::Error,
    },
    /// A socket that was handed over and cannot be used.
    #[error("socket {number} that this process was started with cannot be used")]
    Socket {
        /// Which one, from 0.
        number: usize,
        /// What is wrong.
        source: io::Error,
    },
    /// A socket that was handed over and whose name says nothing.
    #[error(
        "socket {number} that this process was started with: its name `{name}` says nothing of what is spoken there; write \
         FileDescriptorName=lmtp, smtp or smtps into the .socket"
    )]
    SocketName {
        /// Which one, from 0.
        number: usize,
        /// Its name.
        name: String,
    },
    /// A certificate or key that cannot be used.
    #[error("{}: the certificate or its key cannot be used; see listen.cert and listen.key", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The signals of the system cannot be waited for.
    #[error("cannot wait for signals")]
    Signals(#[source] io::Error),
    /// The system gives this process no thread.
    #[error("cannot begin a thread; see the limits of processes of this user")]
    Threads(#[source] io::Error),
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
    guests: Mutex<Guests>,
}

/// Who is served just now: how to wake the thread that serves it, and whether it is in the middle of a message.
#[derive(Default)]
struct Guests {
    present: HashMap<u64, (Waker, Arc<AtomicBool>)>,
    next: u64,
}

/// A peer that was let in, until this is dropped.
struct Guest<'s> {
    server: &'s Server,
    number: u64,
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.server.guests().present.remove(&self.number);
    }
}

impl Server {
    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    fn settings(&self, profile: Option<&str>) -> Option<&Settings> {
        self.settings.get(&profile.map(str::to_owned))
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a peer in, if there is room for one more.
    fn admit(&self, waker: Waker, busy: Arc<AtomicBool>) -> Option<Guest<'_>> {
        let mut guests = self.guests();
        if guests.present.len() >= self.max_connections {
            return None;
        }
        let number = guests.next;
        guests.next += 1;
        guests.present.insert(number, (waker, busy));
        Some(Guest { server: self, number })
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
        patience: top.listen.timeout,
        tls,
        intake,
        ending: AtomicBool::new(false),
        guests: Mutex::default(),
    });
    let mut entrances = Vec::with_capacity(doors.len());
    for (door, place) in doors {
        ready(&place);
        let entrance = Arc::new(Entrance::new(Arc::clone(&server), door, place));
        entrance.attend().map_err(ListenError::Threads)?;
        entrances.push(entrance);
    }
    let delivering = {
        let (config, server) = (config.clone(), Arc::clone(&server));
        thread::spawn(move || deliver(&config, &top, &news, &server.ending))
    };
    // The sender is never given up: only a signal ends the wait.
    let _ = signals.recv();
    end(&server, &delivering);
    for entrance in entrances {
        entrance.close();
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

/// Delivers what is due, at once when a mail was stored.
fn deliver(config: &Config, settings: &Settings, news: &Receiver<()>, ending: &AtomicBool) {
    let courier = match Courier::open(config, settings) {
        Ok(courier) => courier,
        Err(error) => return tracing::error!("nothing is delivered: {}", with_causes(&error)),
    };
    let go_on = || !ending.load(Ordering::SeqCst);
    while go_on() {
        wait_for_lull(news);
        match courier.deliver_batch(BATCH, &go_on, &mut report) {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!("{}", with_causes(&error)),
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
        Err(source) => Err(ListenError::Place { key, source }),
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
        let guests = server.guests();
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
