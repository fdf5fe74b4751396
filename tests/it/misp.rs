//! The whole program against MISP: the double, or the server named by `MISPIGEON_TEST_MISP_URL` and `…_KEY`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::program::Home;

/// The double, ended with the test.
struct Double {
    process: Child,
    url: String,
}

/// Key of the publisher, as `tests/misp_double/README.md` says.
const KEY: &str = "PublisherKeyPublisherKeyPublisherKey0000";

impl Double {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/misp_double");
        let mut process = Command::new("python3")
            .args([script, "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs tests/misp_double");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let url = line.trim().rsplit(' ').next().expect("an address").to_owned();
        Self { process, url }
    }

    fn home(&self) -> Home {
        Home::with_misp(&self.url, KEY)
    }

    /// A request to the double's control endpoints.
    fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let host = self.url.trim_start_matches("http://");
        let body = body.to_string();
        let mut stream = TcpStream::connect(host).expect("the double listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("an answer");
        let (_, body) = reply.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    fn requests(&self) -> Vec<String> {
        let journal = self.control("GET", "/__double/journal", &Value::Null);
        let entries = journal.as_array().cloned().or_else(|| journal["requests"].as_array().cloned()).expect("a journal");
        entries
            .iter()
            .map(|entry| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap()))
            .filter(|request| !request.contains("__double"))
            .collect()
    }

    fn fault(&self, fault: &Value) {
        self.control("POST", "/__double/faults", fault);
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
