//! The MISP double as a process of its own.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mispigeon::destination::misp::MispDestination;
use mispigeon::domain::Secret;
use mispigeon::misp::client::{MispClient, MispSettings};
use serde_json::Value;
use uuid::Uuid;

pub struct Double {
    child: Child,
    pub url: String,
}

/// A file of the certificates made for tests.
pub fn tls(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

impl Double {
    pub fn start(options: &[&str]) -> Self {
        let given = env::var_os("MISPIGEON_TEST_DOUBLE").map(PathBuf::from);
        let script = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/misp_double"));
        let mut command = Command::new("python3");
        let mut child = command
            .arg(script)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs the double");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .expect("the double says where it listens")
            .to_owned();
        Self { child, url }
    }

    pub fn settings(&self, who: &str) -> MispSettings {
        let mut settings = MispSettings::new(&self.url, Secret::new(&format!("{who:0<40}")));
        settings.options.timeout = Duration::from_secs(3);
        settings
    }

    /// A client for the user `who`, with waits a hundred times shorter.
    pub fn destination(&self, who: &str) -> MispDestination {
        let client = MispClient::new(self.settings(who)).unwrap();
        MispDestination::with_client(client).with_sleep(Box::new(|wait| std::thread::sleep(wait / 100)))
    }

    pub fn fail(&self, rule: &Value) {
        control()
            .post(format!("{}/__double/faults", self.url))
            .json(rule)
            .send()
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    /// Sends something as the publisher of the double.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let request = control().post(format!("{}{path}", self.url)).json(body);
        request
            .header("Authorization", format!("{:0<40}", "DoublePublisher"))
            .header("Accept", "application/json")
            .send()
            .unwrap()
            .error_for_status()
            .unwrap()
            .json()
            .unwrap()
    }

    /// Makes the events look as if nobody had touched them for `seconds`.
    pub fn age(&self, seconds: u64) {
        control()
            .post(format!("{}/__double/age", self.url))
            .json(&serde_json::json!({ "seconds": seconds }))
            .send()
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    /// Method, path and status of each request so far.
    pub fn journal(&self) -> Vec<String> {
        let journal: Value = self.get("journal");
        let line = |one: &Value| format!("{} {} {}", one["method"], one["path"], one["status"]).replace('"', "");
        journal["requests"].as_array().unwrap().iter().map(line).collect()
    }

    /// An event as it is stored.
    pub fn event(&self, uuid: Uuid) -> Value {
        self.get(&format!("events/{uuid}"))
    }

    pub fn get(&self, what: &str) -> Value {
        control()
            .get(format!("{}/__double/{what}", self.url))
            .send()
            .unwrap()
            .json()
            .unwrap()
    }
}

fn control() -> reqwest::blocking::Client {
    // An error means that a destination has set it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::blocking::Client::new()
}

impl Drop for Double {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
