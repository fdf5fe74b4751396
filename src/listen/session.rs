//! One connection: commands and their replies, and mails on their way to the outbox.

use std::collections::BTreeMap;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::{ServerConnection, StreamOwned};

use super::command::{self, Command};
use super::intake::Coming;
use super::wire::{Connection, Line, Message, Wire};
use super::{Protocol, Server};
use crate::domain::{Overrides, Submission};
use crate::pipeline::{self, Request};

/// Longest command line; RFC 5321 asks for 512, addresses in UTF-8 and parameters need more.
const LONGEST_LINE: usize = 2048;

/// A peer that makes more mistakes is sent away.
const MISTAKES: usize = 20;

/// A message may take this many times as long as a command.
const DATA_PATIENCE: u32 = 2;

/// What is in the way of a message.
enum Trouble {
    /// The mail itself.
    Mail(String),
    /// Nothing could be stored; the peer tries again.
    Storage(String),
}

pub(super) struct Session<'s> {
    server: &'s Server,
    protocol: Protocol,
    connection: Connection<Wire>,
    /// Address of the peer, for people.
    peer: String,
    /// In the middle of a message, which may end although the listener is ending.
    busy: Arc<AtomicBool>,
    secure: bool,
    greeted: Option<String>,
    sender: Option<String>,
    /// Each with its profile.
    recipients: Vec<(String, Option<String>)>,
    mistakes: usize,
}

/// What comes after a command.
enum Next {
    Go,
    End,
}

impl<'s> Session<'s> {
    pub(super) fn new(server: &'s Server, protocol: Protocol, wire: Wire, peer: String, busy: Arc<AtomicBool>) -> Self {
        Self {
            server,
            protocol,
            secure: matches!(wire, Wire::Tls(_)),
            connection: Connection::new(wire),
            peer,
            busy,
            greeted: None,
            sender: None,
            recipients: Vec::new(),
            mistakes: 0,
        }
    }

    /// Serves the peer until it leaves, is sent away, or the listener ends.
    pub(super) fn run(mut self) {
        if let Err(error) = self.serve() {
            if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) {
                self.connection.say("421 4.4.2 too slow; goodbye");
                let _ = self.connection.flush();
            }
            tracing::info!("{}: {error}", self.peer);
        }
    }

    fn serve(&mut self) -> io::Result<()> {
        let greeting = format!("220 {} {} MISPigeon", self.server.name, self.protocol.name());
        self.connection.say(&greeting);
        loop {
            self.connection.allow(self.server.patience);
            let line = self.connection.line(LONGEST_LINE)?;
            let next = match line {
                Line::End if self.server.is_ending() => {
                    self.connection.say("421 4.3.2 the listener is ending; try again later");
                    Next::End
                }
                Line::End => Next::End,
                Line::TooLong => self.refuse("500 5.5.2 the line is too long"),
                Line::Is(line) => match command::parse(&line) {
                    Ok(command) => self.answer(command)?,
                    Err(refusal) => self.refuse(refusal),
                },
            };
            if matches!(next, Next::End) {
                return self.connection.flush();
            }
        }
    }

    fn say(&mut self, reply: &str) -> Next {
        self.connection.say(reply);
        Next::Go
    }

    fn refuse(&mut self, reply: &str) -> Next {
        self.mistakes += 1;
        self.connection.say(reply);
        if self.mistakes < MISTAKES {
            return Next::Go;
        }
        self.connection.say("421 4.7.0 too many mistakes; goodbye");
        Next::End
    }

    fn forget_mail(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }

    fn answer(&mut self, command: Command) -> io::Result<Next> {
        Ok(match command {
            Command::Extended { lmtp, name } if lmtp == (self.protocol == Protocol::Lmtp) => {
                self.forget_mail();
                self.greeted = Some(name);
                self.tell_extensions()
            }
            Command::Hello(name) if self.protocol == Protocol::Smtp => {
                self.forget_mail();
                self.greeted = Some(name);
                let reply = format!("250 {}", self.server.name);
                self.say(&reply)
            }
            Command::Extended { .. } | Command::Hello(_) => match self.protocol {
                Protocol::Lmtp => self.refuse("500 5.5.1 this is LMTP: greet with LHLO"),
                Protocol::Smtp => self.refuse("500 5.5.1 this is SMTP: greet with EHLO"),
            },
            Command::Reset => {
                self.forget_mail();
                self.say("250 2.0.0 forgotten")
            }
            Command::Nothing => self.say("250 2.0.0 fine"),
            Command::Verify => self.say("252 2.5.0 not told; send it and see"),
            Command::Quit => {
                let reply = format!("221 2.0.0 {} says goodbye", self.server.name);
                self.connection.say(&reply);
                Next::End
            }
            Command::StartTls => return self.start_tls(),
            Command::Mail(_) | Command::Recipient(_) | Command::Data if self.greeted.is_none() => {
                self.refuse("503 5.5.1 greet first")
            }
            Command::Mail(_) if self.sender.is_some() => self.refuse("503 5.5.1 one sender only; RSET begins anew"),
            Command::Mail(sender) if sender.size.is_some_and(|size| size > self.server.max_size) => {
                let reply = self.too_large();
                self.refuse(&reply)
            }
            Command::Mail(sender) => {
                self.sender = Some(sender.address);
                self.say("250 2.1.0 sender taken")
            }
            Command::Recipient(_) if self.sender.is_none() => self.refuse("503 5.5.1 the sender first"),
            Command::Recipient(_) if self.recipients.len() >= self.server.max_recipients => {
                self.say("452 4.5.3 too many recipients; send the mail again for the others")
            }
            Command::Recipient(address) => match self.server.recipients.profile(&address) {
                Ok(profile) => {
                    let profile = profile.map(str::to_owned);
                    self.recipients.push((address, profile));
                    self.say("250 2.1.5 recipient taken")
                }
                Err(_) => self.refuse("550 5.1.1 no such recipient here"),
            },
            Command::Data if self.recipients.is_empty() => {
                if self.sender.is_some() {
                    self.refuse("554 5.5.1 no recipient was taken")
                } else {
                    self.refuse("503 5.5.1 sender and recipient first")
                }
            }
            Command::Data => return self.take_message(),
        })
    }

    fn tell_extensions(&mut self) -> Next {
        let mut lines = vec![
            self.server.name.clone(),
            "PIPELINING".to_owned(),
            format!("SIZE {}", self.server.max_size),
            "8BITMIME".to_owned(),
            "SMTPUTF8".to_owned(),
            "ENHANCEDSTATUSCODES".to_owned(),
        ];
        if self.may_start_tls() {
            lines.push("STARTTLS".to_owned());
        }
        let last = lines.len() - 1;
        for (index, line) in lines.iter().enumerate() {
            let dash = if index == last { ' ' } else { '-' };
            self.connection.say(&format!("250{dash}{line}"));
        }
        Next::Go
    }

    fn may_start_tls(&self) -> bool {
        !self.secure && self.server.tls.is_some() && matches!(self.connection.wire, Wire::Tcp(_))
    }

    fn start_tls(&mut self) -> io::Result<Next> {
        if !self.may_start_tls() {
            return Ok(self.refuse("502 5.5.1 TLS is not offered here"));
        }
        let Some(config) = self.server.tls.clone() else {
            return Ok(Next::End);
        };
        self.connection.say("220 2.0.0 go ahead");
        self.connection.flush()?;
        // Commands that somebody put in before TLS are not the peer's.
        self.connection.forget_input();
        self.forget_mail();
        self.greeted = None;
        let wire = std::mem::replace(&mut self.connection.wire, Wire::Closed);
        let Wire::Tcp(stream) = wire else { return Ok(Next::End) };
        let tls = ServerConnection::new(config).map_err(io::Error::other)?;
        self.connection.wire = Wire::Tls(Box::new(StreamOwned::new(tls, stream)));
        self.secure = true;
        Ok(Next::Go)
    }

    fn too_large(&self) -> String {
        format!("552 5.3.4 the message is larger than {} bytes", self.server.max_size)
    }

    fn take_message(&mut self) -> io::Result<Next> {
        self.busy.store(true, Ordering::SeqCst);
        let next = self.take_message_in_hand();
        self.busy.store(false, Ordering::SeqCst);
        next
    }

    fn take_message_in_hand(&mut self) -> io::Result<Next> {
        let mut coming = self.server.intake.expect();
        self.connection.say("354 end with a dot on a line of its own");
        self.connection.allow(self.server.patience * DATA_PATIENCE);
        let message = self.connection.message(self.server.max_size)?;
        let replies = match message {
            Message::End => return Ok(Next::End),
            Message::TooLarge => self.for_all(&self.too_large()),
            Message::BareLineEnd => self.for_all("550 5.6.0 bare CR or LF in the message; lines end with CRLF"),
            Message::Is(raw) => self.take(&raw, &mut coming),
        };
        for reply in &replies {
            self.connection.say(reply);
        }
        // The peer is told before it waits for the next command's turn.
        self.connection.flush()?;
        self.forget_mail();
        Ok(if self.server.is_ending() {
            self.connection.say("421 4.3.2 the listener is ending; try again later");
            Next::End
        } else {
            Next::Go
        })
    }

    /// LMTP answers for each recipient, SMTP once.
    fn for_all(&self, reply: &str) -> Vec<String> {
        let replies = match self.protocol {
            Protocol::Smtp => 1,
            Protocol::Lmtp => self.recipients.len(),
        };
        vec![reply.to_owned(); replies]
    }

    /// Stores the mail once for each profile of its recipients.
    fn take(&self, raw: &[u8], coming: &mut Coming<'_>) -> Vec<String> {
        let mut outcomes: BTreeMap<Option<&str>, Result<(), Trouble>> = BTreeMap::new();
        for (_, profile) in &self.recipients {
            let profile = profile.as_deref();
            outcomes
                .entry(profile)
                .or_insert_with(|| self.store(raw, profile, coming));
        }
        let reply = |outcome: Option<&Result<(), Trouble>>| match outcome {
            Some(Ok(())) | None => "250 2.0.0 stored".to_owned(),
            Some(Err(Trouble::Mail(reason))) => format!("554 5.6.0 {}", one_line(reason)),
            Some(Err(Trouble::Storage(reason))) => {
                tracing::error!("{}: not stored: {reason}", self.peer);
                "451 4.3.0 it could not be stored; try again later".to_owned()
            }
        };
        match self.protocol {
            Protocol::Lmtp => self
                .recipients
                .iter()
                .map(|(_, profile)| reply(outcomes.get(&profile.as_deref())))
                .collect(),
            // One reply for all: when part of it was not stored the peer sends all again, which makes no second event.
            Protocol::Smtp => {
                let worst = outcomes
                    .values()
                    .find(|outcome| matches!(outcome, Err(Trouble::Storage(_))))
                    .or_else(|| outcomes.values().find(|outcome| outcome.is_err()));
                vec![reply(worst)]
            }
        }
    }

    fn store(&self, raw: &[u8], profile: Option<&str>, coming: &mut Coming<'_>) -> Result<(), Trouble> {
        let Some(settings) = self.server.settings(profile) else {
            return Err(Trouble::Storage(format!("no profile {}", profile.unwrap_or_default())));
        };
        let request = Request {
            origin: self.origin(),
            mode: self.server.mode,
            profile: profile.map(str::to_owned),
            overrides: Overrides::default(),
        };
        let prepare = || pipeline::prepare(raw.to_vec(), request, settings);
        let prepared = panic::catch_unwind(AssertUnwindSafe(prepare))
            .map_err(|_| Trouble::Storage("a fault in mispigeon; please report it".to_owned()))?
            .map_err(|error| Trouble::Mail(error.to_string()))?;
        let submissions: Vec<Submission> = prepared.into_iter().map(|prepared| prepared.submission).collect();
        coming.store(submissions).map_err(Trouble::Storage)
    }

    /// Where the mail came from, for people.
    fn origin(&self) -> String {
        let protocol = self.protocol.name().to_lowercase();
        let sender = self.sender.as_deref().unwrap_or_default();
        let (first, more) = match self.recipients.as_slice() {
            [] => ("", 0),
            [(first, _), others @ ..] => (first.as_str(), others.len()),
        };
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!("{protocol} from {}: <{sender}> to <{first}>{more}", self.peer)
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(400)
        .collect()
}
