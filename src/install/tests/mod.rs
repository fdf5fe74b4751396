//! Plans for every system, made on any; and carrying them out in folders of a test.

mod carrying_out;
mod files;
mod planning;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{Machine, MainCf, Platform, Registry, System};

pub(super) fn linux() -> Platform {
    Platform {
        system: System::Linux,
        binary: "/usr/local/bin/mispigeon".into(),
        home: "/home/ana".into(),
        data: "/home/ana/.local/share/mispigeon".into(),
        shared_data: PathBuf::new(),
        temporary: "/tmp".into(),
        has_lib64: false,
        snap: None,
        flatpak: None,
        through_sudo: false,
    }
}

pub(super) fn macos() -> Platform {
    Platform {
        system: System::MacOs,
        home: "/Users/ana".into(),
        data: "/Users/ana/Library/Application Support/mispigeon".into(),
        shared_data: "/Library/Application Support/mispigeon".into(),
        temporary: "/var/folders/x1/T".into(),
        ..linux()
    }
}

fn windows() -> Platform {
    Platform {
        system: System::Windows,
        binary: r"C:\Program Files\MISPigeon\mispigeon.exe".into(),
        home: r"C:\Users\Ana".into(),
        data: r"C:\Users\Ana\AppData\Local\mispigeon\data".into(),
        shared_data: r"C:\ProgramData\mispigeon".into(),
        temporary: r"C:\Users\Ana\AppData\Local\Temp".into(),
        ..linux()
    }
}

/// A registry in memory.
#[derive(Default)]
struct Keys(RefCell<BTreeMap<String, PathBuf>>);

impl Keys {
    fn machine(&self) -> Machine<'_> {
        Machine {
            registry: self,
            main_cf: self,
        }
    }
}

impl Registry for Keys {
    fn value(&self, key: &str) -> io::Result<Option<PathBuf>> {
        Ok(self.0.borrow().get(key).cloned())
    }

    fn set(&self, key: &str, path: &Path) -> io::Result<()> {
        self.0.borrow_mut().insert(key.to_owned(), path.to_owned());
        Ok(())
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.0
            .borrow_mut()
            .remove(key)
            .map(drop)
            .ok_or(io::ErrorKind::NotFound.into())
    }
}

/// A machine without Postfix.
impl MainCf for Keys {
    fn value(&self, _: &str) -> io::Result<String> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn default(&self, _: &str) -> io::Result<String> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn names(&self, _: &str) -> io::Result<bool> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn set(&self, _: &str, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn unset(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }
}
