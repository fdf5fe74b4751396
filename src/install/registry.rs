//! The Windows registry for native messaging: a key whose default value is a path.

use std::io;
use std::path::{Path, PathBuf};

pub trait Registry {
    /// The default value of a key, empty if it has none; `None` if the key does not exist.
    fn value(&self, key: &str) -> io::Result<Option<PathBuf>>;
    /// Sets the default value of a key. Makes the key if needed.
    fn set(&self, key: &str, path: &Path) -> io::Result<()>;
    fn remove(&self, key: &str) -> io::Result<()>;
}

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

    /// Turns an HRESULT of the crate into its Win32 code, for which the standard library knows an error kind.
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
