//! Knot DNS on a free port of the loopback interface, for as long as the value lives.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::SocketAddr;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub struct Knot {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Knot {
    /// Prints the reason and returns `None` where Knot DNS is not installed. On the build server that fails the test.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let configuration = folder.path().join("knot.conf");
        fs::write(&configuration, text(folder.path(), port)).unwrap();
        let started = Command::new("knotd")
            .env(
                "PATH",
                format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()),
            )
            .arg("--config")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = match started {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                assert!(
                    std::env::var("CI").as_deref() != Ok("true"),
                    "knotd (Debian package knot) is missing"
                );
                println!("skipped: knotd (Debian package knot) is not installed");
                return None;
            }
            other => other.unwrap(),
        };
        let mut log = BufReader::new(process.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let mut seen = Vec::new();
        let ready = log
            .by_ref()
            .inspect(|line| seen.push(line.clone()))
            .any(|line| line.contains("server started"));
        assert!(ready, "{}", seen.join("\n"));
        std::thread::spawn(move || log.for_each(drop)); // so that it never waits for a reader
        Some(Self {
            process,
            port,
            _folder: folder,
        })
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that is free for datagrams and for streams.
fn free_port() -> u16 {
    loop {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn text(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let zones = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dns");
    format!(
        "server:
    rundir: {folder}
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: {folder}
template:
  - id: default
    storage: {zones}
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
  - domain: example
    file: example.zone
  - domain: dove-nest.org
    file: dove-nest.org.zone
"
    )
}
