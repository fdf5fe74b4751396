//! `mispigeon listen`: takes mails by LMTP and SMTP until a signal ends it.

use super::args::{Global, Listen};
use super::failure::{Exit, Failure};
use super::memory;
use super::output::Out;
use crate::config::Config;
use crate::listen::{self, Address, ListenError, Place, Protocol};

pub fn run(global: &Global, arguments: &Listen) -> Result<(), Failure> {
    memory::give_back();
    let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
    let given = [
        (&arguments.lmtp, Protocol::Lmtp, false),
        (&arguments.smtp, Protocol::Smtp, false),
        (&arguments.smtps, Protocol::Smtp, true),
    ];
    let place = |address: &Address, protocol, tls| Place {
        address: address.clone(),
        protocol,
        tls,
    };
    let places = given
        .into_iter()
        .flat_map(|(addresses, protocol, tls)| addresses.iter().map(move |address| place(address, protocol, tls)))
        .collect();
    let mut out = Out::new();
    let mut ready = |place: &Place| {
        let name = match (place.protocol, place.tls) {
            (Protocol::Lmtp, _) => "lmtp",
            (Protocol::Smtp, false) => "smtp",
            (Protocol::Smtp, true) => "smtps",
        };
        // Listen even if nobody can read this.
        let _ = out
            .line(&format!("listening: {name} {}", place.address))
            .and_then(|()| out.flush());
    };
    Ok(listen::serve(&config, places, arguments.mode, &mut ready)?)
}

impl From<ListenError> for Failure {
    fn from(error: ListenError) -> Self {
        match error {
            ListenError::Outbox(error) => error.into(),
            ListenError::NoPlace => Self::usage(error),
            ListenError::Config(_)
            | ListenError::Place { .. }
            | ListenError::Socket { .. }
            | ListenError::SocketName { .. }
            | ListenError::Certificate { .. } => Self::config(error),
            ListenError::Address { .. } | ListenError::Signals(_) | ListenError::Threads(_) => {
                Self::new(Exit::TempFail, error)
            }
        }
    }
}
