//! The configuration of a process that runs for long: it is read again when somebody has changed it.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Config, ConfigError, Settings};

/// All threads of a process ask this for the configuration as it is now.
pub struct Current(Mutex<Arc<Config>>);

impl Current {
    pub fn new(config: Config) -> Self {
        Self(Mutex::new(Arc::new(config)))
    }

    pub fn get(&self) -> Arc<Config> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings of a profile as they are now.
    pub fn settings(&self, profile: Option<&str>) -> Result<Arc<Settings>, ConfigError> {
        self.get().settings(profile)
    }

    /// Reads the file again. If it cannot be used, for the top level or for one of `profiles`, the configuration stays what it was.
    pub fn reload<'a>(&self, profiles: impl IntoIterator<Item = &'a str>) -> Result<(), ConfigError> {
        let read = Config::load(self.get().file())?;
        for profile in std::iter::once(None).chain(profiles.into_iter().map(Some)) {
            read.settings(profile)?;
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_read_and_a_broken_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let write = |timeout: &str| {
            let text =
                format!("data_dir = '/d'\n[misp]\ntimeout = {timeout}\n[profile.trap.misp]\ntimeout = {timeout}\n");
            std::fs::write(&file, text).unwrap();
        };
        write("5");
        let current = Current::new(Config::parse(&file, &std::fs::read_to_string(&file).unwrap()).unwrap());
        let timeout = || current.settings(Some("trap")).unwrap().misp.timeout.as_secs();
        assert_eq!(timeout(), 5);
        write("6");
        assert_eq!(timeout(), 5);
        current.reload(["trap"]).unwrap();
        assert_eq!(timeout(), 6);
        for broken in ["'soon'", "7\n["] {
            write(broken);
            assert!(current.reload(["trap"]).is_err());
        }
        write("8");
        assert!(current.reload(["trap", "gone"]).is_err());
        assert_eq!(timeout(), 6);
    }
}
