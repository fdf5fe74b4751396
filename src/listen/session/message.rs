//! Receives a message, stores it in the outbox, and replies.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{ENDING, Next, Session};
use crate::domain::{Overrides, with_causes};
use crate::faults;
use crate::listen::Protocol;
use crate::listen::body::Refused;
use crate::listen::connection::Message;
use crate::listen::intake::{Coming, NotStored};
use crate::outbox::RowId;
use crate::pipeline::{self, Request};

/// A message may take this many times as long as a command.
const DATA_PATIENCE: u32 = 2;

/// How long a complete message waits for memory. Its peer waits ten minutes for the reply (RFC 5321).
const STORING: Duration = Duration::from_mins(2);

/// Longest reason in a reply, in characters.
const LONGEST_REASON: usize = 400;

/// The reply while nothing is delivered.
const STALLED: &str = "451 4.3.0 the queue is not being worked on; try again later";

/// The row of a mail, or why there is none.
type Outcome = Result<RowId, NotStored>;

impl Session<'_> {
    pub(super) fn take_message(&mut self) -> io::Result<Next> {
        self.presence.busy.store(true, Ordering::SeqCst);
        let next = self.take_message_in_hand();
        self.presence.busy.store(false, Ordering::SeqCst);
        next
    }

    fn take_message_in_hand(&mut self) -> io::Result<Next> {
        if self.server.health.is_stalled() {
            self.connection.say(STALLED);
            self.forget_mail();
            return Ok(Next::Go);
        }
        let mut coming = self.coming.take().unwrap_or_else(|| self.server.intake.expect());
        self.connection
            .say("354 end the message with a dot on a line of its own");
        self.connection.allow(self.server.patience() * DATA_PATIENCE);
        let server = self.server;
        let no_room = || server.guests.oust_slow();
        let mut body = server.spool.body(server.max_size, self.of, &no_room);
        let replies = match self.connection.message(&mut body)? {
            Message::End => {
                self.leave_if_ousted();
                self.connection.flush()?;
                return Ok(Next::End);
            }
            Message::Refused(refused) => self.for_all(&self.refusal(refused)),
            Message::BareLineEnd => self.for_all("550 5.6.0 bare CR or LF in the message; lines end with CRLF"),
            Message::Whole => {
                faults::point("listen.took")?;
                match body.take(STORING) {
                    Ok(raw) => self.take(raw, &mut coming),
                    Err(refused) => self.for_all(&self.refusal(refused)),
                }
            }
        };
        faults::point("listen.stored")?;
        // Storing may have taken long, which is no fault of the peer.
        self.connection.allow(server.patience());
        for reply in &replies {
            self.connection.say(reply);
        }
        // Write the reply now, not together with the next one.
        self.connection.flush()?;
        faults::point("listen.answered")?;
        self.forget_mail();
        Ok(if self.server.is_ending() {
            self.connection.say(ENDING);
            Next::End
        } else {
            Next::Go
        })
    }

    fn refusal(&self, refused: Refused) -> String {
        match refused {
            Refused::TooLarge => self.too_large(),
            Refused::NoRoom => "452 4.3.1 too much mail at once; try again later".to_owned(),
        }
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
    fn take(&self, mut raw: Vec<u8>, coming: &mut Coming<'_>) -> Vec<String> {
        let profiles: BTreeSet<Option<&str>> = self.recipients.iter().map(|(_, profile)| profile.as_deref()).collect();
        let mut outcomes: BTreeMap<Option<&str>, Outcome> = BTreeMap::new();
        for (left, profile) in (0..profiles.len()).rev().zip(profiles) {
            // The last one needs no copy.
            let copy = if left == 0 {
                std::mem::take(&mut raw)
            } else {
                raw.clone()
            };
            outcomes.insert(profile, self.store(copy, profile, coming));
        }
        match self.protocol {
            Protocol::Lmtp => {
                let of_recipient = self.recipients.iter().map(|(_, profile)| profile.as_deref());
                of_recipient
                    .filter_map(|profile| outcomes.get(&profile))
                    .map(|outcome| self.reply(&[outcome]))
                    .collect()
            }
            Protocol::Smtp => vec![self.reply(&outcomes.values().collect::<Vec<_>>())],
        }
    }

    /// One reply for several outcomes. If one of them failed, the peer sends the mail again, which makes no second
    /// event.
    fn reply(&self, outcomes: &[&Outcome]) -> String {
        let mut errors: Vec<&NotStored> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        // Temporary errors first, so that the peer tries again.
        errors.sort_by_key(|error| matches!(error, NotStored::Mail(_)));
        match errors.first() {
            None => {
                let rows = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok());
                accepted(&rows.copied().collect::<Vec<_>>())
            }
            Some(NotStored::Mail(error)) => format!("554 5.6.0 {}", one_line(&with_causes(error))),
            Some(NotStored::Stalled) => STALLED.to_owned(),
            Some(error) => {
                tracing::error!("{}: not stored: {}", self.peer, with_causes(*error));
                "451 4.3.0 the message could not be stored; try again later".to_owned()
            }
        }
    }

    fn store(&self, raw: Vec<u8>, profile: Option<&str>, coming: &mut Coming<'_>) -> Outcome {
        let settings = self.server.config.settings(profile)?;
        let request = Request {
            origin: self.origin(),
            mode: self.server.mode,
            profile: profile.map(str::to_owned),
            overrides: Overrides::default(),
            original: None,
            left_out: Vec::new(),
        };
        let receive = || pipeline::receive(raw.into(), request, &settings);
        let received = panic::catch_unwind(AssertUnwindSafe(receive)).map_err(|_| NotStored::Panic)??;
        if self.server.health.is_stalled() {
            return Err(NotStored::Stalled);
        }
        coming.store(received)
    }

    /// Where the mail came from, to show to people.
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

/// The reply, with the rows of the outbox for the mail server's log: one for each profile.
fn accepted(rows: &[RowId]) -> String {
    match rows {
        [] => "250 2.0.0 OK".to_owned(),
        [only] => format!("250 2.0.0 OK: queued as {only}"),
        [first, others @ ..] => format!("250 2.0.0 OK: queued as {first} and {} more", others.len()),
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_REASON)
        .collect()
}
