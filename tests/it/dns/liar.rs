//! A name server that breaks the protocol in the way that the test asks for.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::thread::JoinHandle;

#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    /// Reads every question and never answers.
    Silence,
    /// Answers with an identifier that no question had.
    WrongId,
    /// Answers with bytes that are no DNS message.
    Nonsense,
    /// Answers with the address of another name.
    OtherName,
    /// Answers a question that nobody asked.
    OtherQuestion,
    /// SERVFAIL.
    Failure,
    /// Answers with an address, or that there is no text, when it has been asked for both.
    Waits,
    /// Answers that the reply is too large for a datagram, and never answers on the TCP connection that then follows.
    Truncated,
}

pub struct Liar {
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
    /// The system accepts connections; the server never reads.
    _stream: TcpListener,
}

/// An address where no server is.
pub fn nobody() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Liar {
    pub fn start(behaviour: Behaviour) -> Self {
        let (socket, stream) = loop {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            if let Ok(stream) = TcpListener::bind(socket.local_addr().unwrap()) {
                break (socket, stream);
            }
        };
        let address = socket.local_addr().unwrap();
        let serve = move || {
            let mut buffer = [0; 1500];
            let mut held: Vec<(Vec<u8>, SocketAddr)> = Vec::new();
            let (mut text, mut address) = (false, false);
            while let Ok((len, from)) = socket.recv_from(&mut buffer) {
                if len == 0 {
                    break; // the end, sent by drop
                }
                held.push((buffer[..len].to_vec(), from));
                let is_text = kind_of(&buffer) == TXT;
                (text, address) = (text || is_text, address || !is_text);
                if matches!(behaviour, Behaviour::Waits) && !(text && address) {
                    continue;
                }
                for (question, from) in held.drain(..) {
                    if let Some(reply) = reply(behaviour, &question) {
                        let _ = socket.send_to(&reply, from);
                    }
                }
            }
        };
        Self {
            address,
            thread: Some(std::thread::spawn(serve)),
            _stream: stream,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        let _ = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(&[], self.address));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn reply(behaviour: Behaviour, question: &[u8]) -> Option<Vec<u8>> {
    match behaviour {
        Behaviour::Silence => None,
        Behaviour::Nonsense => Some([&question[..2], &[0xff; 60]].concat()),
        Behaviour::Failure => Some(message(question, 0x8182, None)),
        Behaviour::Waits if kind_of(question) == TXT => Some(message(question, 0x8180, None)),
        Behaviour::Waits => Some(message(question, 0x8180, Some(b"\xc0\x0c"))),
        Behaviour::Truncated => Some(message(question, 0x8380, None)),
        Behaviour::OtherName => Some(message(question, 0x8180, Some(b"\x04bank\x07example\0"))),
        Behaviour::WrongId => {
            let mut message = message(question, 0x8180, Some(b"\xc0\x0c"));
            message[0] ^= 0xff;
            Some(message)
        }
        Behaviour::OtherQuestion => {
            let mut message = message(question, 0x8180, Some(b"\xc0\x0c"));
            message[13] = b'z'; // the first letter of the name
            Some(message)
        }
    }
}

/// The type of a text.
const TXT: u8 = 16;

fn end_of_name(question: &[u8]) -> usize {
    12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 1
}

/// The type that is asked for.
fn kind_of(question: &[u8]) -> u8 {
    question[end_of_name(question) + 1]
}

/// A reply to `question` with these flags, and the address 9.9.9.66 for the name `owner`.
fn message(question: &[u8], flags: u16, owner: Option<&[u8]>) -> Vec<u8> {
    let name_end = end_of_name(question);
    let mut message = question[..2].to_vec();
    message.extend(flags.to_be_bytes());
    message.extend([0, 1, 0, u8::from(owner.is_some()), 0, 0, 0, 0]);
    message.extend(&question[12..name_end + 4]);
    if let Some(owner) = owner {
        message.extend(owner);
        message.extend(&question[name_end..name_end + 4]); // the type and class that were asked for
        let is_v6 = kind_of(question) == 28;
        let mut address = [0; 16];
        address[..4].copy_from_slice(&[9, 9, 9, 66]);
        let address = &address[..if is_v6 { 16 } else { 4 }];
        message.extend([0, 0, 1, 0, 0, u8::try_from(address.len()).unwrap()]);
        message.extend(address);
    }
    message
}
