//! Tells systemd that the listener is ready and that it is alive (`sd_notify(3)`).

use std::time::Duration;

/// Sends a state to the manager that started this process, if it wants to know.
#[cfg(unix)]
pub(super) fn tell(state: &str) {
    if let Some(name) = std::env::var_os("NOTIFY_SOCKET")
        && let Err(error) = send(&name, state)
    {
        tracing::warn!("cannot tell systemd {state}: {error}");
    }
}

#[cfg(unix)]
fn send(name: &std::ffi::OsStr, state: &str) -> std::io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::UnixDatagram;
    let socket = UnixDatagram::unbound()?;
    #[cfg(target_os = "linux")]
    if let Some(name) = name.as_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
        return socket.send_to_addr(state.as_bytes(), &address).map(drop);
    }
    socket.send_to(state.as_bytes(), std::path::Path::new(name)).map(drop)
}

#[cfg(not(unix))]
pub(super) fn tell(_: &str) {}

/// How often the manager wants to hear that this process is alive: twice in the time that it waits.
pub(super) fn interval() -> Option<Duration> {
    let microseconds: u64 = std::env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
    Some(Duration::from_micros(microseconds / 2).max(Duration::from_millis(1)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_manager_hears_what_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let manager = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        send(path.as_os_str(), "READY=1").unwrap();
        let mut heard = [0; 16];
        let length = manager.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], b"READY=1");
    }
}
