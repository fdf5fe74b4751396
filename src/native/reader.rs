//! Reads the extension's messages and passes them on in order. Pieces of a mail are handled here at once, so that none
//! overtakes another.

use std::io::Read;

use serde_json::Value;

use super::fault::{Fault, Kind};
use super::frame::{self, FrameError};
use super::methods::{self, Lane, Method};
use super::protocol::{self, Cancel, Request};
use super::session::Session;
use super::surrogates;
use super::workers::{Job, Workers};

pub struct Reader<'s> {
    session: &'s Session,
    workers: &'s Workers,
}

impl<'s> Reader<'s> {
    pub fn new(session: &'s Session, workers: &'s Workers) -> Self {
        Self { session, workers }
    }

    /// Reads until the input ends. A wrong frame ends it too, because the start of the next frame is then unknown.
    pub fn read(&self, input: &mut impl Read) -> Result<(), FrameError> {
        loop {
            let (fault, error) = match frame::read(input) {
                Ok(None) => return Ok(()),
                Ok(Some(frame)) => match surrogates::parse(&frame) {
                    Ok(message) => {
                        self.take(message);
                        continue;
                    }
                    Err(error) => {
                        let words = format!("a frame that is no JSON: {error}");
                        (Fault::new(Kind::Parse, words), FrameError::Io(error.into()))
                    }
                },
                Err(error) => (Fault::new(Kind::Frame, &error), error),
            };
            self.session.output.answer(None, &Err(fault));
            return Err(error);
        }
    }

    fn take(&self, message: Value) {
        let id = message.get("id").and_then(Value::as_u64);
        let taken = match Request::of(message) {
            Ok(Request {
                id: None,
                method,
                params,
                ..
            }) => return self.notification(&method, params),
            Ok(Request {
                id: Some(id),
                method,
                params,
                ..
            }) => self.request(id, &method, params),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = taken {
            self.session.output.answer(id, &Err(fault));
        }
    }

    fn request(&self, id: u64, method: &str, params: Value) -> Result<(), Fault> {
        let method = self.admit(method)?;
        let job = Job {
            ticket: self.session.begin(id, method.lane == Lane::Reading),
            method,
            params,
        };
        self.workers.give(self.session, job);
        Ok(())
    }

    /// `hello` must be first, and only once.
    fn admit(&self, name: &str) -> Result<&'static Method, Fault> {
        match (name, self.session.is_greeted()) {
            ("hello", true) => Err(Fault::new(Kind::Invalid, "`hello` was said already")),
            ("hello", false) | (_, true) => methods::find(name),
            (_, false) => Err(Fault::new(Kind::HelloFirst, "the first call is `hello`")),
        }
    }

    /// JSON-RPC has no answers to notifications, so a wrong one gets none.
    fn notification(&self, method: &str, params: Value) {
        if method != "cancel" {
            tracing::debug!("a notification `{method}` that is not known");
        } else if let Ok(Cancel { id }) = protocol::params(params) {
            self.session.give_up(id);
        }
    }
}
