//! One connection: commands and their replies. Taking a message is in [`message`].

use std::io;
use std::net::IpAddr;
use std::sync::atomic::Ordering;

use rustls::{ServerConnection, StreamOwned};

use super::Protocol;
use super::command::{self, Command};
use super::connection::{Connection, Line};
use super::guests::Presence;
use super::intake::Coming;
use super::room::Peer;
use super::server::Server;
use super::wire::Wire;

mod message;

/// Longest command line. RFC 5321 demands 512 bytes; UTF-8 addresses and parameters need more.
const LONGEST_LINE: usize = 2048;

/// The last reply when the listener ends.
const ENDING: &str = "421 4.3.2 the server is shutting down; try again later";

/// After this many wrong commands the connection is closed.
const MISTAKES: usize = 20;

pub(super) struct Session<'s> {
    server: &'s Server,
    protocol: Protocol,
    connection: Connection<Wire>,
    /// Address of the peer, for the log.
    peer: String,
    presence: &'s Presence,
    /// Whose room its messages take.
    of: Option<Peer>,
    secure: bool,
    greeted: Option<String>,
    sender: Option<String>,
    /// The mail whose sender was given.
    coming: Option<Coming<'s>>,
    /// Addresses with their profiles.
    recipients: Vec<(String, Option<String>)>,
    mistakes: usize,
}

enum Next {
    Go,
    End,
}

impl<'s> Session<'s> {
    pub(super) fn new(
        server: &'s Server,
        protocol: Protocol,
        wire: Wire,
        address: Option<IpAddr>,
        presence: &'s Presence,
    ) -> Self {
        Self {
            server,
            protocol,
            secure: matches!(wire, Wire::Tls(_)),
            connection: Connection::new(wire),
            peer: address.map_or_else(|| "local".to_owned(), |address| address.to_string()),
            of: address.map(Peer::of),
            presence,
            greeted: None,
            sender: None,
            coming: None,
            recipients: Vec::new(),
            mistakes: 0,
        }
    }

    /// Serves the peer until it quits, makes too many errors, or the listener ends.
    pub(super) fn run(mut self) {
        if let Err(error) = self.serve() {
            if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) {
                self.connection.say("421 4.4.2 timeout; closing the connection");
                let _ = self.connection.flush();
            }
            tracing::info!("{}: {error}", self.peer);
        }
    }

    fn serve(&mut self) -> io::Result<()> {
        let greeting = format!("220 {} {} MISPigeon", self.server.name, self.protocol.name());
        self.connection.say(&greeting);
        loop {
            self.connection.allow(self.server.patience());
            let line = self.connection.line(LONGEST_LINE)?;
            self.presence.hear();
            let next = match line {
                Line::End if self.server.is_ending() => {
                    self.connection.say(ENDING);
                    Next::End
                }
                Line::End => {
                    self.leave_if_ousted();
                    Next::End
                }
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

    fn leave_if_ousted(&mut self) {
        if self.presence.ousted.load(Ordering::SeqCst) {
            self.connection
                .say("421 4.4.2 others wait for this connection; try again later");
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
        self.connection.say("421 4.7.0 too many errors; closing the connection");
        Next::End
    }

    fn forget_mail(&mut self) {
        self.sender = None;
        self.coming = None;
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
                Protocol::Lmtp => self.refuse("500 5.5.1 this is LMTP: send LHLO"),
                Protocol::Smtp => self.refuse("500 5.5.1 this is SMTP: send EHLO"),
            },
            Command::Reset => {
                self.forget_mail();
                self.say("250 2.0.0 OK")
            }
            Command::Nothing => self.say("250 2.0.0 OK"),
            Command::Verify => self.say("252 2.5.0 addresses are not verified here; send the message to try one"),
            Command::Quit => {
                let reply = format!("221 2.0.0 {} closes the connection", self.server.name);
                self.connection.say(&reply);
                Next::End
            }
            Command::StartTls => return self.start_tls(),
            Command::Mail(_) | Command::Recipient(_) | Command::Data if self.greeted.is_none() => {
                self.refuse("503 5.5.1 send EHLO or LHLO first")
            }
            Command::Mail(_) if self.sender.is_some() => {
                self.refuse("503 5.5.1 the sender is given already; RSET starts again")
            }
            Command::Mail(sender) if sender.size.is_some_and(|size| size > self.server.max_size) => {
                let reply = self.too_large();
                self.refuse(&reply)
            }
            Command::Mail(sender) => {
                self.sender = Some(sender.address);
                self.coming = Some(self.server.intake.expect());
                self.say("250 2.1.0 sender OK")
            }
            Command::Recipient(_) if self.sender.is_none() => self.refuse("503 5.5.1 send MAIL FROM first"),
            Command::Recipient(_) if self.recipients.len() >= self.server.max_recipients => {
                self.say("452 4.5.3 too many recipients; send the mail again for the others")
            }
            Command::Recipient(address) => match self.server.recipients.profile(&address) {
                Ok(profile) => {
                    let profile = profile.map(str::to_owned);
                    self.recipients.push((address, profile));
                    self.say("250 2.1.5 recipient OK")
                }
                Err(_) => self.refuse("550 5.1.1 no such recipient here"),
            },
            Command::Data if self.recipients.is_empty() => {
                if self.sender.is_some() {
                    self.refuse("554 5.5.1 no valid recipients")
                } else {
                    self.refuse("503 5.5.1 send MAIL FROM and RCPT TO first")
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
        self.connection.say("220 2.0.0 ready to start TLS");
        self.connection.flush()?;
        // Somebody in between may have inserted commands before TLS.
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
}
