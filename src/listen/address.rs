//! The addresses of the listener: TCP, or on Unix a socket in the file system.

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::str::FromStr;

/// `host:port`, `[v6]:port` or `unix:/path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Host and port. Port 0 takes a free one.
    Tcp(String),
    Unix(PathBuf),
}

/// The text that could not be read as an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address: write `127.0.0.1:24`, `[::1]:24` or `unix:/run/mispigeon/lmtp`")]
pub struct NoAddress(String);

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let wrong = || NoAddress(text.to_owned());
        if let Some(path) = text.strip_prefix("unix:") {
            return if cfg!(unix) && path.starts_with('/') {
                Ok(Self::Unix(path.into()))
            } else {
                Err(wrong())
            };
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let is_host = !host.is_empty() && (!host.contains(':') || (host.starts_with('[') && host.ends_with(']')));
        (is_host && port.parse::<u16>().is_ok())
            .then(|| Self::Tcp(text.to_owned()))
            .ok_or_else(wrong)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

pub(super) enum Door {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix {
        listener: std::os::unix::net::UnixListener,
        path: PathBuf,
        /// Whether to remove the file at the end. False if another program handed over the socket.
        is_ours: bool,
    },
}

impl Door {
    /// Opens the address. Replaces the socket file of a killed listener, but not one whose listener still answers.
    pub(super) fn open(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => TcpListener::bind(address.as_str()).map(Self::Tcp),
            #[cfg(unix)]
            Address::Unix(path) => {
                use std::os::unix::fs::FileTypeExt;
                use std::os::unix::net::{UnixListener, UnixStream};
                let is_socket = std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
                if is_socket && UnixStream::connect(path).is_err() {
                    std::fs::remove_file(path)?;
                }
                UnixListener::bind(path).map(|listener| Self::Unix {
                    listener,
                    path: path.clone(),
                    is_ours: true,
                })
            }
            #[cfg(not(unix))]
            Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The address, with the port that the system chose.
    pub(super) fn address(&self) -> io::Result<Address> {
        Ok(match self {
            Self::Tcp(listener) => Address::Tcp(listener.local_addr()?.to_string()),
            #[cfg(unix)]
            Self::Unix { path, .. } => Address::Unix(path.clone()),
        })
    }

    /// Removes the socket file.
    pub(super) fn close(&self) {
        #[cfg(unix)]
        if let Self::Unix {
            path, is_ours: true, ..
        } = self
        {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_host_and_port_or_a_path() {
        for good in ["127.0.0.1:24", "[::1]:25", "localhost:0", "unix:/run/x"] {
            assert_eq!(good.parse::<Address>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "25",
            ":25",
            "::1:25",
            "host:smtp",
            "host:70000",
            "unix:relative",
            "unix:",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }
}
