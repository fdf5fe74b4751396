//! The Windows registry, as far as native messaging needs it: one key whose default value is a path.

use std::io;
use std::path::{Path, PathBuf};

/// A registry.
pub trait Registry {
    /// The default value of a key, empty when it has none; `None` when there is no such key.
    fn value(&self, key: &str) -> io::Result<Option<PathBuf>>;
    /// Makes the key, or changes its default value.
    fn set(&self, key: &str, path: &Path) -> io::Result<()>;
    /// Removes the key.
    fn remove(&self, key: &str) -> io::Result<()>;
}

/// The registry of this machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemRegistry;

#[cfg(windows)]
mod of_windows {
    use std::io;
    use std::path::{Path, PathBuf};

    use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

    use super::{Registry, SystemRegistry};

    impl Registry for SystemRegistry {
        fn value(&self, key: &str) -> io::Result<Option<PathBuf>> {
            let (hive, path) = split(key)?;
            match hive.open(path).map_err(plain) {
                Ok(key) => Ok(Some(key.get_hstring("").unwrap_or_default().to_os_string().into())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        }

        fn set(&self, key: &str, path: &Path) -> io::Result<()> {
            let (hive, name) = split(key)?;
            let key = hive.create(name).map_err(plain)?;
            key.set_hstring("", &path.as_os_str().into()).map_err(plain)
        }

        fn remove(&self, key: &str) -> io::Result<()> {
            let (hive, path) = split(key)?;
            hive.remove_tree(path).map_err(plain)
        }
    }

    fn split(key: &str) -> io::Result<(&'static Key, &str)> {
        match key.split_once('\\') {
            Some(("HKCU", path)) => Ok((CURRENT_USER, path)),
            Some(("HKLM", path)) => Ok((LOCAL_MACHINE, path)),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// The same error with its Win32 number, from which the standard library knows its kind. The crate gives an HRESULT.
    fn plain(error: impl Into<io::Error>) -> io::Error {
        let error = error.into();
        match error.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code & 0xFFFF),
            None => error,
        }
    }
}

/// Other systems have no registry.
#[cfg(not(windows))]
impl Registry for SystemRegistry {
    fn value(&self, _: &str) -> io::Result<Option<PathBuf>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set(&self, _: &str, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
