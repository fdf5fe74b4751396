//! Sends messages to the extension from any thread, one frame at a time, and never a frame that is too long for
//! Thunderbird.

use std::io::Write;
use std::sync::Mutex;

use serde::Serialize;

use super::fault::{Fault, Kind};
use super::frame::{self, LONGEST_OUT};
use super::json::to_text;
use super::lock;
use super::protocol::{Answer, Notification, Outcome};

/// Shared by all threads of a session.
pub struct Output(Mutex<Box<dyn Write + Send>>);

impl Output {
    pub fn new(output: impl Write + Send + 'static) -> Self {
        Self(Mutex::new(Box::new(output)))
    }

    /// Answers a request. Without an id, it is the last message before the program ends.
    pub fn answer(&self, id: Option<u64>, outcome: &Outcome) {
        if let Err(fault) = self.write(&Answer::new(id, outcome)) {
            // An error always fits, because its texts are cut.
            let _ = self.write(&Answer::new(id, &Err(fault)));
        }
    }

    /// Sends a message that the extension did not ask for.
    pub fn notify(&self, method: &'static str, params: impl Serialize) {
        if let Err(fault) = self.write(&Notification::new(method, params)) {
            tracing::warn!("`{method}` could not be sent to the extension: {}", fault.message);
        }
    }

    fn write(&self, message: &impl Serialize) -> Result<(), Fault> {
        let json = to_text(message)?;
        if json.len() > LONGEST_OUT {
            let words = format!("an answer of {} bytes, at most {LONGEST_OUT} can travel", json.len());
            return Err(Fault::new(Kind::Internal, words));
        }
        if let Err(error) = frame::write(&mut *lock(&self.0), json.as_bytes()) {
            // The extension is gone; the end of our input follows.
            tracing::debug!("an answer was not taken: {error}");
        }
        Ok(())
    }
}

#[cfg(test)]
pub mod tests {
    use std::sync::Arc;

    use serde_json::value::to_raw_value;
    use serde_json::{Value, json};

    use super::*;

    /// An output that keeps what is written to it.
    #[derive(Clone, Default)]
    pub struct Pipe(Arc<Mutex<Vec<u8>>>);

    impl Pipe {
        /// The length and the content of the only frame written.
        pub fn message(&self) -> (usize, Value) {
            let bytes = lock(&self.0);
            let mut rest = bytes.as_slice();
            let frame = frame::read(&mut rest).unwrap().unwrap();
            assert!(rest.is_empty());
            (frame.len(), serde_json::from_slice(&frame).unwrap())
        }
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            lock(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn answered(outcome: &Outcome) -> (usize, Value) {
        let pipe = Pipe::default();
        Output::new(pipe.clone()).answer(Some(7), outcome);
        pipe.message()
    }

    #[test]
    fn a_result_that_is_too_long_becomes_an_error() {
        let around = answered(&Ok(to_raw_value("").unwrap())).0;
        let longest = "x".repeat(LONGEST_OUT - around);
        let (length, answer) = answered(&Ok(to_raw_value(&longest).unwrap()));
        assert_eq!((length, &answer["result"]), (LONGEST_OUT, &json!(longest)));
        let (_, answer) = answered(&Ok(to_raw_value(&format!("{longest}x")).unwrap()));
        assert_eq!(
            (&answer["id"], &answer["error"]["data"]["kind"]),
            (&json!(7), &json!("internal"))
        );
    }

    #[test]
    fn an_error_with_endless_words_still_fits() {
        let (length, _) = answered(&Err(Fault::new(Kind::Invalid, "\u{1}".repeat(LONGEST_OUT))));
        assert!(length < 10_000);
    }
}
