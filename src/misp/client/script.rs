//! A web server for tests. It answers as the test tells it, well or badly.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::{MispClient, MispSettings};

use crate::domain::Secret;

pub(crate) const KEY: &str = "0123456789abcdefghijABCDEFGHIJ0123456789";

/// One request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Method and path.
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone)]
pub(crate) enum Reply {
    Json(u16, Value),
    /// Status, further header lines, body.
    Page(u16, &'static str, &'static str),
    /// Closes the connection after the whole request.
    Cut,
    /// Sends half of an answer, then closes the connection.
    Half,
    /// Sends an answer without an end, a byte now and then.
    Drip,
    /// Is silent for this time, then drips.
    Late(Duration),
    /// Sends an answer of more bytes than anybody wants.
    Flood,
    /// The same, packed: a thousand times as much as goes over the line.
    Bomb,
    /// Does not answer, until the client gives up.
    Hang,
}

pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Calls `answer` with each request and its number, from 0.
    pub(crate) fn new(answer: impl Fn(&Request, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let Some(request) = read(&stream) else { continue };
                let number = log.lock().unwrap().len();
                log.lock().unwrap().push(request.clone());
                reply(stream, &answer(&request, number));
            }
        });
        Self { url, seen }
    }

    /// Answers with `replies` in turn, then repeats the last one.
    pub(crate) fn replies(replies: Vec<Reply>) -> Self {
        Self::new(move |_, number| replies[number.min(replies.len() - 1)].clone())
    }

    pub(crate) fn settings(&self) -> MispSettings {
        let mut settings = MispSettings::new(&self.url, Secret::new(KEY));
        settings.options.timeout = Duration::from_secs(5);
        settings
    }

    pub(crate) fn client(&self) -> MispClient {
        MispClient::new(self.settings()).unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// Method and path of each request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.line).collect()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let (line, headers) = head.split_once("\r\n")?;
    let length = headers
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request {
        line,
        headers: headers.to_owned(),
        body,
    })
}

fn reply(mut stream: TcpStream, reply: &Reply) {
    let (status, headers, body) = match reply {
        Reply::Json(status, body) => (
            *status,
            "Content-Type: application/json; charset=UTF-8\r\n",
            body.to_string(),
        ),
        Reply::Page(status, headers, body) => (*status, *headers, (*body).to_owned()),
        Reply::Cut => return,
        Reply::Half => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"Event\":{\"id\":\"7\",");
            return;
        }
        Reply::Drip => return stream_of(stream, "", &[], b" ", Duration::from_millis(100)),
        Reply::Late(pause) => {
            std::thread::sleep(*pause);
            return stream_of(stream, "", &[], b" ", Duration::from_millis(100));
        }
        Reply::Flood => return stream_of(stream, "", &[], &vec![b' '; 1 << 20], Duration::ZERO),
        Reply::Bomb => {
            let (begin, piece) = packed(&vec![b' '; 1 << 20]);
            return stream_of(stream, "Content-Encoding: gzip\r\n", &begin, &piece, Duration::ZERO);
        }
        Reply::Hang => {
            // Ends when the client closes the connection.
            let _ = stream.read(&mut [0]);
            return;
        }
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n");
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes()));
}

/// Sends an answer without an end, until the client closes the connection.
fn stream_of(mut stream: TcpStream, headers: &str, begin: &[u8], piece: &[u8], pause: Duration) {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}Connection: close\r\n\r\n");
    let mut sent = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(begin));
    while sent.is_ok() {
        sent = stream.write_all(piece);
        std::thread::sleep(pause);
    }
}

/// How a gzip file begins, and a piece of it that unpacks to `bytes` however often it comes.
fn packed(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut file = GzEncoder::new(Vec::new(), Compression::best());
    file.write_all(bytes).and_then(|()| file.flush()).unwrap();
    let mut begin = file.get_ref().clone();
    let piece = begin.split_off(10);
    (begin, piece)
}
