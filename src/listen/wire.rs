//! The socket of a connection: TCP, TLS or Unix. Reads end at a deadline.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::{ServerConnection, StreamOwned};

/// How long a peer may take to read its replies.
const WRITING: Duration = Duration::from_mins(1);

/// A socket whose reads end at a deadline, however slowly its peer sends, and whose writes end soon after it. TLS is on top of it.
pub(super) struct Timed<S> {
    /// Shared with its [`Waker`].
    socket: Arc<S>,
    deadline: Instant,
    /// The time-out that the socket has now, in seconds; 0 if it has none.
    told: u64,
}

impl<S: Socket> Timed<S> {
    pub(super) fn new(socket: S) -> Self {
        Self {
            socket: Arc::new(socket),
            deadline: Instant::now(),
            told: 0,
        }
    }

    /// Sets the socket's time-out, unless it has a shorter one, which only makes the read begin again. So it seldom has to be set.
    fn limit(&mut self, left: Duration) -> io::Result<()> {
        let seconds = left.as_secs().saturating_add(1);
        if self.told == 0 || self.told > seconds {
            self.socket.set_read_timeout(Some(Duration::from_secs(seconds)))?;
            self.told = seconds;
        }
        Ok(())
    }
}

impl<S: Socket> Read for Timed<S>
where
    for<'s> &'s S: Read,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.limit(left)?;
            match (&*self.socket).read(buffer) {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    self.told = 0;
                }
                other => return other,
            }
        }
    }
}

impl<S> Write for Timed<S>
where
    for<'s> &'s S: Write,
{
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A peer that reads byte by byte is given up as well.
        if self.deadline.elapsed() > WRITING {
            return Err(io::ErrorKind::TimedOut.into());
        }
        (&*self.socket).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.socket).flush()
    }
}

/// What all kinds of sockets have.
pub(super) trait Socket {
    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
}

impl Socket for TcpStream {
    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_read_timeout(self, timeout)
    }
}

#[cfg(unix)]
impl Socket for UnixStream {
    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_read_timeout(self, timeout)
    }
}

pub(super) enum Wire {
    Tcp(Timed<TcpStream>),
    #[cfg(unix)]
    Unix(Timed<UnixStream>),
    Tls(Box<StreamOwned<ServerConnection, Timed<TcpStream>>>),
    /// No socket: between TCP and TLS.
    Closed,
}

impl Wire {
    /// Sets the socket's options before TLS begins. Returns a way to wake its reader from another thread.
    pub(super) fn settle(&self) -> io::Result<Waker> {
        match self {
            Self::Tcp(Timed { socket, .. }) => {
                // Replies are small, and the peer waits for them.
                socket.set_nodelay(true)?;
                socket.set_write_timeout(Some(WRITING))?;
                Ok(Waker::Tcp(Arc::clone(socket)))
            }
            #[cfg(unix)]
            Self::Unix(Timed { socket, .. }) => {
                socket.set_write_timeout(Some(WRITING))?;
                Ok(Waker::Unix(Arc::clone(socket)))
            }
            Self::Tls(_) | Self::Closed => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

/// Ends the input of a connection, so that its thread stops waiting.
pub(super) enum Waker {
    Tcp(Arc<TcpStream>),
    #[cfg(unix)]
    Unix(Arc<UnixStream>),
}

impl Waker {
    pub(super) fn wake(&self) {
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Read),
            #[cfg(unix)]
            Self::Unix(stream) => stream.shutdown(Shutdown::Read),
        };
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            #[cfg(unix)]
            Self::Unix(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
            Self::Closed => Ok(0),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
            Self::Closed => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            #[cfg(unix)]
            Self::Unix(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
            Self::Closed => Ok(()),
        }
    }
}

/// A wire whose reads end at a deadline.
pub(super) trait Patient: Read + Write {
    fn set_deadline(&mut self, deadline: Instant);
}

impl Patient for Wire {
    fn set_deadline(&mut self, deadline: Instant) {
        match self {
            Self::Tcp(timed) => timed.deadline = deadline,
            #[cfg(unix)]
            Self::Unix(timed) => timed.deadline = deadline,
            Self::Tls(stream) => stream.sock.deadline = deadline,
            Self::Closed => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// A socket that gives one byte each time, but says first that nothing came when it is told to. Notes the time-outs that are set.
    #[derive(Default)]
    struct Told {
        seconds: RefCell<Vec<u64>>,
        silences: RefCell<usize>,
    }

    impl Read for &Told {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            let mut silences = self.silences.borrow_mut();
            if *silences == 0 {
                return Ok(1);
            }
            *silences -= 1;
            Err(io::ErrorKind::WouldBlock.into())
        }
    }

    impl Socket for Told {
        fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
            self.seconds.borrow_mut().push(timeout.map_or(0, |time| time.as_secs()));
            Ok(())
        }
    }

    fn read(timed: &mut Timed<Told>, patience: u64) -> io::Result<usize> {
        timed.deadline = Instant::now() + Duration::from_secs(patience);
        timed.read(&mut [0; 8])
    }

    #[test]
    fn the_time_out_is_set_for_a_shorter_deadline_only() {
        let mut timed = Timed::new(Told::default());
        for patience in [300, 600, 300, 10, 300] {
            assert_eq!(read(&mut timed, patience).unwrap(), 1);
        }
        assert_eq!(*timed.socket.seconds.borrow(), [300, 10]);
    }

    #[test]
    fn a_read_goes_on_until_its_own_deadline() {
        let mut timed = Timed::new(Told::default());
        read(&mut timed, 10).unwrap();
        *timed.socket.silences.borrow_mut() = 2;
        assert_eq!(read(&mut timed, 600).unwrap(), 1);
        assert_eq!(*timed.socket.seconds.borrow(), [10, 600, 600]);
        assert_eq!(read(&mut timed, 0).unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
