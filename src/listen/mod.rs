//! `mispigeon listen`: takes mails by LMTP from a mail server, and by SMTP as a spamtrap.
//!
//! Each thread of [`entrance`] serves one connection. One thread stores their mails ([`intake`]), one delivers them
//! ([`dispatch`]). A mail is acknowledged when it is in the outbox. The listener relays nothing.

mod address;
mod body;
mod command;
mod connection;
#[cfg(test)]
mod connection_tests;
mod dispatch;
mod entrance;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzed;
mod guests;
mod health;
mod inherited;
mod intake;
mod notify;
mod recipients;
mod room;
mod server;
mod session;
mod shortage;
mod tls;
mod wire;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use address::Door;
pub use address::{Address, NoAddress};
use entrance::Entrance;
pub use error::ListenError;
use intake::Intake;
use server::Server;
pub use tls::check as check_certificate;

use crate::config::{Config, Listen};
use crate::domain::Mode;
use crate::faults;
use crate::outbox::Outbox;

/// The protocol at an address.
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

#[derive(Clone, Debug)]
pub struct Place {
    pub address: Address,
    pub protocol: Protocol,
    /// Whether TLS begins with the first byte.
    pub tls: bool,
}

/// Listens until a signal ends the process: at `places` and the inherited sockets; if there are none, at the addresses
/// of the configuration. Calls `ready` with each address.
pub fn serve(
    config: &Config,
    places: Vec<Place>,
    mode: Mode,
    ready: &mut dyn FnMut(&Place),
) -> Result<(), ListenError> {
    let top = config.settings(None)?;
    let doors = doors(places, &top.listen)?;
    // Report a faulty profile now, because later it would refuse mails.
    for (profile, _) in &top.listen.profiles {
        config.settings(Some(profile))?;
    }
    let signals = signals()?;
    let (stored, news) = mpsc::sync_channel(1);
    let intake = Intake::start(Outbox::open(&top.paths.state_db)?, move || {
        // If the channel is full, delivery will look anyway.
        let _ = stored.try_send(());
    })
    .map_err(ListenError::Threads)?;
    let has_smtp = doors.iter().any(|(_, place)| place.protocol == Protocol::Smtp);
    let server = Arc::new(Server::new(config, &top, mode, has_smtp, intake)?);
    let mut entrances = Vec::with_capacity(doors.len());
    for (door, place) in doors {
        ready(&place);
        let entrance = Arc::new(Entrance::new(Arc::clone(&server), door, place));
        entrance.attend().map_err(ListenError::Threads)?;
        entrances.push(entrance);
    }
    let delivering = {
        let server = Arc::clone(&server);
        let deliver = move || dispatch::deliver(&top, &news, &server);
        let spawn = |()| thread::Builder::new().spawn(deliver);
        faults::point("listen.delivery.spawn")
            .and_then(spawn)
            .map_err(ListenError::Threads)?
    };
    notify::tell("READY=1");
    wait(&signals, &server);
    notify::tell("STOPPING=1");
    server.end(&delivering);
    for entrance in entrances {
        entrance.close();
    }
    Ok(())
}

/// Waits for a signal. Meanwhile tells the manager of this process that it works, while it does.
fn wait(signals: &Receiver<()>, server: &Server) {
    let interval = notify::interval();
    // The sender lives as long as the process, so only a signal ends this wait.
    while signals.recv_timeout(interval.unwrap_or(Duration::from_hours(1))) == Err(RecvTimeoutError::Timeout) {
        if interval.is_some() && !server.health.is_stalled() {
            notify::tell("WATCHDOG=1");
        }
    }
}

/// Opens the addresses and takes over inherited sockets.
fn doors(mut places: Vec<Place>, listen: &Listen) -> Result<Vec<(Door, Place)>, ListenError> {
    let mut doors = inherited::take()?;
    if places.is_empty() && doors.is_empty() {
        places = places_of(listen)?;
    }
    for place in places {
        let failed = |source| ListenError::Address {
            address: place.address.clone(),
            source,
        };
        let door = Door::open(&place.address).map_err(failed)?;
        let address = door.address().map_err(failed)?;
        doors.push((door, Place { address, ..place }));
    }
    if doors.is_empty() {
        return Err(ListenError::NoPlace);
    }
    Ok(doors)
}

/// The receiver gets a message when a signal asks the process to end.
#[cfg(unix)]
fn signals() -> Result<Receiver<()>, ListenError> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT]).map_err(ListenError::Signals)?;
    let (told, waiting) = mpsc::channel();
    let tell = move || {
        for _ in &mut signals {
            let _ = told.send(());
        }
    };
    let spawn = |()| thread::Builder::new().spawn(tell);
    faults::point("listen.signals.spawn")
        .and_then(spawn)
        .map_err(ListenError::Threads)?;
    Ok(waiting)
}

/// Other systems simply end the process. What was acknowledged is in the outbox.
#[cfg(not(unix))]
fn signals() -> Result<Receiver<()>, ListenError> {
    let (told, waiting) = mpsc::channel();
    std::mem::forget(told);
    Ok(waiting)
}

/// The addresses in the configuration.
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
