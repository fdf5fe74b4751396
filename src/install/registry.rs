//! The Windows registry, as far as native messaging needs it: one key whose default value is a path. It is reached
//! through `reg.exe`, which every Windows has.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

/// A registry.
pub trait Registry {
    /// Whether there is such a key.
    fn has(&self, key: &str) -> io::Result<bool>;
    /// Whether the key's default value is this path.
    fn leads_to(&self, key: &str, path: &Path) -> io::Result<bool>;
    /// Makes the key, or changes its default value.
    fn set(&self, key: &str, path: &Path) -> io::Result<()>;
    /// Removes the key.
    fn remove(&self, key: &str) -> io::Result<()>;
}

/// The registry of this machine.
#[derive(Clone, Copy, Debug)]
pub struct RegExe;

impl Registry for RegExe {
    fn has(&self, key: &str) -> io::Result<bool> {
        Ok(run(&arguments_of_query(key))?.status.success())
    }

    fn leads_to(&self, key: &str, path: &Path) -> io::Result<bool> {
        Ok(run(&arguments_of_search(key, path))?.status.success())
    }

    fn set(&self, key: &str, path: &Path) -> io::Result<()> {
        expect_success(&run(&arguments_of_add(key, path))?)
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        expect_success(&run(&arguments_of_delete(key))?)
    }
}

fn run(arguments: &[OsString]) -> io::Result<Output> {
    Command::new("reg.exe").args(arguments).output()
}

fn expect_success(output: &Output) -> io::Result<()> {
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(
        String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    ))
}

fn arguments_of_query(key: &str) -> [OsString; 2] {
    ["query", key].map(Into::into)
}

/// A search for exactly this value rather than a look at the output: that comes in the code page of the console, which
/// spoils names with other letters, and its words in the language of the system.
fn arguments_of_search(key: &str, path: &Path) -> [OsString; 6] {
    [
        "query".as_ref(),
        key.as_ref(),
        "/f".as_ref(),
        path.as_os_str(),
        "/d".as_ref(),
        "/e".as_ref(),
    ]
    .map(Into::into)
}

fn arguments_of_add(key: &str, path: &Path) -> [OsString; 8] {
    [
        "add".as_ref(),
        key.as_ref(),
        "/ve".as_ref(),
        "/t".as_ref(),
        "REG_SZ".as_ref(),
        "/d".as_ref(),
        path.as_os_str(),
        "/f".as_ref(),
    ]
    .map(Into::into)
}

fn arguments_of_delete(key: &str) -> [OsString; 3] {
    ["delete", key, "/f"].map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = r"HKCU\Software\Mozilla\NativeMessagingHosts\mispigeon";

    fn words(arguments: &[OsString]) -> Vec<&str> {
        arguments.iter().map(|word| word.to_str().unwrap()).collect()
    }

    #[test]
    fn reg_exe_is_asked_and_told_in_its_own_words() {
        let path = Path::new(r"C:\Users\Zoë\AppData\Local\mispigeon\data\mispigeon.json");
        let value = path.to_str().unwrap();
        assert_eq!(words(&arguments_of_query(KEY)), ["query", KEY]);
        assert_eq!(
            words(&arguments_of_search(KEY, path)),
            ["query", KEY, "/f", value, "/d", "/e"]
        );
        assert_eq!(
            words(&arguments_of_add(KEY, path)),
            ["add", KEY, "/ve", "/t", "REG_SZ", "/d", value, "/f"]
        );
        assert_eq!(words(&arguments_of_delete(KEY)), ["delete", KEY, "/f"]);
    }
}
