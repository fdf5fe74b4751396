//! One connection: reads calls, answers those about messages at once, gives the others to `workers`, and ends when the
//! input ends. What each call does is in the files named after them.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::fault::Fault;
use super::messages::Messages;
use super::protocol::{self, Call, Cancel};
use super::workers::{Job, Workers};
use super::{frame, greeting, messages, router, surrogates};

/// Thunderbird sends SIGTERM three seconds after it closed our input: what is being delivered gets most of that to finish.
const GRACE: Duration = Duration::from_millis(2500);

/// Between two looks at what waits in the outbox.
const BETWEEN_LOOKS: Duration = Duration::from_secs(15);

/// Before the first look: a person who waits for a preview comes first.
const BEFORE_FIRST_LOOK: Duration = Duration::from_secs(1);

/// What all calls of a connection share.
pub struct Host {
    /// Configuration file that was named on the command line.
    pub config: Option<PathBuf>,
    /// Messages that were handed over.
    pub messages: Messages,
    output: Mutex<Box<dyn Write + Send>>,
    tokens: Mutex<HashMap<u64, Arc<AtomicBool>>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    is_closing: bool,
}

/// Serves one connection until its input ends. An error was told to the extension already.
pub fn serve(
    input: &mut impl Read,
    output: Box<dyn Write + Send>,
    config: Option<PathBuf>,
) -> Result<(), frame::FrameError> {
    let host = Arc::new(Host {
        config,
        messages: Messages::default(),
        output: Mutex::new(output),
        tokens: Mutex::default(),
        state: Mutex::default(),
        changed: Condvar::new(),
    });
    let workers = Workers::start(&host);
    let ended = Reader {
        host: &host,
        workers: &workers,
        is_greeted: false,
    }
    .read(input);
    host.close();
    ended
}

/// The one that reads.
struct Reader<'h> {
    host: &'h Arc<Host>,
    workers: &'h Workers,
    is_greeted: bool,
}

impl Reader<'_> {
    fn read(&mut self, input: &mut impl Read) -> Result<(), frame::FrameError> {
        loop {
            let frame = match frame::read(input) {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.host.answer(None, Err(Fault::new("frame", &error)));
                    return Err(error);
                }
            };
            match surrogates::parse(&frame) {
                Ok(message) => self.take(message),
                Err(error) => {
                    let words = format!("a frame that is no JSON: {error}");
                    self.host.answer(None, Err(Fault::new("parse", words)));
                    return Err(frame::FrameError::Io(error.into()));
                }
            }
        }
    }

    fn take(&mut self, message: Value) {
        let id = message.get("id").and_then(Value::as_u64);
        if !message.is_object() {
            return self
                .host
                .answer(id, Err(Fault::new("invalid", "not a JSON-RPC request: no object")));
        }
        let call = match serde_json::from_value::<Call>(message) {
            Ok(call) if call.jsonrpc == "2.0" => call,
            Ok(_) => {
                return self
                    .host
                    .answer(id, Err(Fault::new("invalid", "`jsonrpc` is not \"2.0\"")));
            }
            Err(error) => {
                let words = format!("not a JSON-RPC request: {error}");
                return self.host.answer(id, Err(Fault::new("invalid", words)));
            }
        };
        match call.id {
            Some(id) => self.request(id, call),
            None => self.notification(call),
        }
    }

    fn request(&mut self, id: u64, call: Call) {
        let host = self.host;
        if !self.is_greeted {
            let answer = if call.method == "hello" {
                greeting::hello(host, call.params)
            } else {
                Err(Fault::new("hello_first", "the first call is `hello`"))
            };
            self.is_greeted = answer.is_ok();
            if self.is_greeted {
                let host = Arc::clone(host);
                thread::spawn(move || look_after_outbox(&host));
            }
            return host.answer(id, answer);
        }
        let Call { method, params, .. } = call;
        let messages = &host.messages;
        let answer = match method.as_str() {
            "hello" => Err(Fault::new("invalid", "`hello` was said already")),
            "message.begin" => read(params).and_then(|protocol::Begin { size }| {
                let message = messages.begin(size, greeting::message_limit(host))?;
                Ok(json!({"message": message}))
            }),
            "message.chunk" => read(params).and_then(|chunk| Ok(json!({"received": messages.chunk(&chunk)?}))),
            "message.end" => read(params)
                .and_then(|protocol::Handle { message }| Ok(json!({"identity": messages.end(&message)?.to_string()}))),
            "message.discard" => {
                read(params).and_then(|protocol::Handle { message }| messages.discard(&message).map(|()| json!({})))
            }
            other => match router::find(other) {
                Some((lane, run)) => {
                    lock(&host.tokens).insert(id, Arc::default());
                    return self.workers.give(lane, Job { id, run, params });
                }
                None => Err(Fault::new("unknown_method", format!("there is no method `{other}`"))),
            },
        };
        host.answer(id, answer);
    }

    /// Nobody is told of a notification that is wrong: JSON-RPC has no answer to it.
    fn notification(&self, call: Call) {
        let cancel = || read::<Cancel>(call.params).ok();
        if call.method != "cancel" {
            tracing::debug!("a notification `{}` that is not known", call.method);
        } else if let Some(token) = cancel().and_then(|Cancel { id }| lock(&self.host.tokens).get(&id).cloned()) {
            token.store(true, Ordering::Relaxed);
        }
    }
}

/// Reads the parameters of a call; `null` and nothing at all are an empty object. Positions, as in a list, mean nothing.
pub fn read<T: DeserializeOwned>(params: Value) -> Result<T, Fault> {
    let params = if params.is_null() { json!({}) } else { params };
    if !params.is_object() {
        return Err(Fault::new("invalid", "wrong parameters: they are not an object"));
    }
    serde_json::from_value(params).map_err(|error| Fault::new("invalid", format!("wrong parameters: {error}")))
}

/// Something that is waited for at the end.
pub struct Running<'h>(&'h Host);

impl<'h> Running<'h> {
    /// From here until it is dropped.
    pub fn begin(host: &'h Host) -> Self {
        lock(&host.state).running += 1;
        Self(host)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).running -= 1;
        self.0.changed.notify_all();
    }
}

/// Delivers what waits in the outbox when its time has come, as long as the connection is open.
fn look_after_outbox(host: &Host) {
    let mut pause = BEFORE_FIRST_LOOK;
    while !host.closes_within(pause) {
        let running = Running::begin(host);
        let looked = panic::catch_unwind(AssertUnwindSafe(|| super::outbox::deliver_due(host)));
        match looked {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!("what waits in the outbox was not delivered: {}", fault.message),
            Err(_) => tracing::warn!("what waits in the outbox was not delivered by a fault in mispigeon"),
        }
        drop(running);
        pause = BETWEEN_LOOKS;
    }
}

impl Host {
    /// Whether a request was given up, as it will be known from now on.
    pub fn token(&self, id: u64) -> Arc<AtomicBool> {
        lock(&self.tokens).get(&id).cloned().unwrap_or_default()
    }

    /// Answers a request that was in the hands of a worker.
    pub fn finish(&self, id: u64, answer: Result<Value, Fault>) {
        lock(&self.tokens).remove(&id);
        self.answer(id, answer);
    }

    /// Answers a request; without an id it is what we have to say before we end.
    fn answer(&self, id: impl Into<Option<u64>>, answer: Result<Value, Fault>) {
        let id = id.into();
        let message = match answer {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err(fault) => json!({"jsonrpc": "2.0", "id": id, "error": fault}),
        };
        let json = message.to_string();
        if json.len() > frame::LONGEST_OUT {
            let words = format!(
                "an answer of {} bytes, at most {} can travel",
                json.len(),
                frame::LONGEST_OUT
            );
            return self.answer(id, Err(Fault::new("internal", words)));
        }
        self.write(&json);
    }

    /// Tells the extension something that it did not ask for.
    pub fn notify(&self, method: &str, params: &impl Serialize) {
        let json = json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string();
        if json.len() <= frame::LONGEST_OUT {
            self.write(&json);
        }
    }

    fn write(&self, json: &str) {
        if let Err(error) = frame::write(&mut *lock(&self.output), json.as_bytes()) {
            // Nobody listens any more; the end of the input follows.
            tracing::debug!("an answer was not taken: {error}");
        }
    }

    /// Whether the connection ends.
    pub fn is_closing(&self) -> bool {
        lock(&self.state).is_closing
    }

    /// Waits, at most so long, for the connection to end.
    fn closes_within(&self, pause: Duration) -> bool {
        let state = lock(&self.state);
        let waited = self.changed.wait_timeout_while(state, pause, |state| !state.is_closing);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_closing
    }

    /// Calls that were begun get a moment to finish; what was stored is in the outbox in any case.
    fn close(&self) {
        let mut state = lock(&self.state);
        state.is_closing = true;
        self.changed.notify_all();
        drop(self.changed.wait_timeout_while(state, GRACE, |state| state.running > 0));
    }
}

/// Locks; what a panicking thread leaves behind here is whole, as it is changed in single steps.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells somebody whom we do not serve why, before we end.
pub fn refuse(output: &mut impl Write, reason: &impl ToString) {
    let fault = Fault::new("not_allowed", reason.to_string());
    let json = json!({"jsonrpc": "2.0", "id": null, "error": fault}).to_string();
    // Who does not listen is not served either.
    let _ = frame::write(output, json.as_bytes());
}

/// What the extension should know of our limits.
pub fn limits(host: &Host) -> Value {
    json!({
        "message": greeting::message_limit(host),
        "chunk": messages::LARGEST_CHUNK,
        "messages": messages::AT_A_TIME,
    })
}
