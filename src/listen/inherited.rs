//! Sockets that the process inherits, as from systemd for a unit with a `.socket` (`sd_listen_fds(3)`). A socket's name
//! tells its protocol. Only on Unix.

#[cfg(unix)]
use super::Protocol;
use super::address::Door;
use super::{ListenError, Place};

/// The variable in which systemd passes the sockets' names, with colons between them.
#[cfg(unix)]
const NAMES: &str = "LISTEN_FDNAMES";

/// Takes over all inherited sockets.
#[cfg(unix)]
pub(super) fn take() -> Result<Vec<(Door, Place)>, ListenError> {
    let names = std::env::var(NAMES).unwrap_or_default();
    let mut names = names.split(':');
    let mut sockets = listenfd::ListenFd::from_env();
    (0..sockets.len())
        .map(|number| {
            let name = names.next().unwrap_or_default();
            let (protocol, tls) = protocol(name).ok_or_else(|| ListenError::SocketName {
                number,
                name: name.to_owned(),
            })?;
            let failed = |source| ListenError::Socket { number, source };
            let door = door(&mut sockets, number).map_err(failed)?;
            let address = door.address().map_err(failed)?;
            Ok((door, Place { address, protocol, tls }))
        })
        .collect()
}

#[cfg(not(unix))]
pub(super) fn take() -> Result<Vec<(Door, Place)>, ListenError> {
    Ok(Vec::new())
}

/// The protocol for a socket of this name, and whether it begins with TLS.
#[cfg(unix)]
fn protocol(name: &str) -> Option<(Protocol, bool)> {
    match name {
        "lmtp" => Some((Protocol::Lmtp, false)),
        "smtp" => Some((Protocol::Smtp, false)),
        "smtps" => Some((Protocol::Smtp, true)),
        _ => None,
    }
}

#[cfg(unix)]
fn door(sockets: &mut listenfd::ListenFd, number: usize) -> std::io::Result<Door> {
    if let Ok(Some(listener)) = sockets.take_unix_listener(number) {
        let path = listener.local_addr()?.as_pathname().map(std::path::Path::to_owned);
        return Ok(Door::Unix {
            listener,
            path: path.unwrap_or_default(),
            is_ours: false,
        });
    }
    let listener = sockets.take_tcp_listener(number)?;
    listener
        .map(Door::Tcp)
        .ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_named_after_what_is_spoken_there() {
        assert_eq!(protocol("lmtp"), Some((Protocol::Lmtp, false)));
        assert_eq!(protocol("smtp"), Some((Protocol::Smtp, false)));
        assert_eq!(protocol("smtps"), Some((Protocol::Smtp, true)));
        for name in ["", "unknown", "LMTP", "mispigeon-listen.socket"] {
            assert_eq!(protocol(name), None, "{name}");
        }
    }
}
