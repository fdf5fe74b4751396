//! Checks the configuration: whether there is one, whether it can be used, and who else can change it.

use std::path::Path;

use super::check::Check;
use super::words;
#[cfg(unix)]
use crate::config::trust;
use crate::config::{Config, ConfigError, Settings};
use crate::domain::Target;

const ID: &str = "configuration";

/// Loads the configuration; `None` if it cannot be used.
pub(super) fn examine(named: Option<&Path>) -> (Option<Config>, Vec<Check>) {
    match Config::load(named) {
        Ok(config) => {
            let mut checks = vec![found(&config)];
            checks.extend(config.file().map(permissions));
            (Some(config), checks)
        }
        Err(error) => (None, vec![fault(ID, &error)]),
    }
}

fn found(config: &Config) -> Check {
    if let Some(path) = config.file() {
        let profiles = words::count(config.profiles().count() as u64, "profile");
        return Check::ok(ID, format!("{}, with {profiles} besides the top level", path.display()));
    }
    let check = Check::ok(
        ID,
        "there is no file, and none is needed: `mispigeon extract` and `mispigeon send` use the defaults",
    );
    let has_server = config.profile(None).is_ok_and(|settings| settings.misp.url.is_some());
    if has_server {
        return check;
    }
    check.with_hint(
        "to have events on a MISP server: `mispigeon config init` writes a file that explains every setting; set `misp.url` \
         and a key there",
    )
}

/// The settings of a profile, and where they send events.
pub(super) fn settings(config: &Config, name: Option<&str>) -> Result<(Settings, Check), Check> {
    let settings = config.profile(name).map_err(|error| fault("settings", &error))?;
    let what = match (settings.destination, &settings.misp.url) {
        (Target::Misp, Some(url)) => format!("events go to {url}"),
        _ => format!("events go to the feed in {}", settings.paths.feed.display()),
    };
    Ok((settings, Check::ok("settings", what)))
}

/// A fault of the configuration, with what to do about it.
pub(super) fn fault(id: &'static str, error: &ConfigError) -> Check {
    if let ConfigError::Exposed { path, mode } = error {
        let what = format!(
            "{} holds a key, and others can read it (mode {mode:03o})",
            path.display()
        );
        return Check::problem(id, what, format!("run: chmod 600 {}", crate::config::quoted(path)));
    }
    if let ConfigError::Untrusted { path, why } = error {
        let what = format!("{} is not read, because {why}", path.display());
        return Check::problem(id, what, keep_others_out(path));
    }
    let next = match error {
        ConfigError::Unreadable { .. } => {
            "look at the file's name and rights; `mispigeon config init` writes a new one"
        }
        ConfigError::UnknownProfile { .. } => "name one of those, or make a section [profile.NAME]",
        ConfigError::Key(_) => {
            "make misp.key, misp.key_file, misp.key_command or misp.key_env give the key of the MISP user"
        }
        ConfigError::Environment { .. } | ConfigError::NoHome => "set the variable again",
        _ => "correct what is named; `mispigeon config check` tests it, `mispigeon config show` shows what is in force",
    };
    Check::problem(id, error.to_string(), next)
}

fn keep_others_out(path: &Path) -> String {
    let path = crate::config::quoted(path);
    format!(
        "run: chmod go-w {path}; file and folders have to belong to this user or root, and be writable by nobody else"
    )
}

/// Whether others can change the file. If others could read a key in it, loading has failed before.
#[cfg(unix)]
fn permissions(path: &Path) -> Check {
    let user = rustix::process::geteuid().as_raw();
    match trust::doubt(path, user, trust::GROUP) {
        Some(doubt) => {
            let what = format!(
                "others can change {}, and with it where mails go and what is run: {doubt}",
                path.display()
            );
            Check::warning("permissions", what, keep_others_out(path))
        }
        None => Check::ok(
            "permissions",
            "only this user and root can change the configuration, and no key in it is open to others",
        ),
    }
}

/// Windows gives a file the rights of its folder, and others have none below a user's own.
#[cfg(not(unix))]
fn permissions(path: &Path) -> Check {
    let home = directories::BaseDirs::new().and_then(|folders| folders.home_dir().canonicalize().ok());
    let is_own = home.is_some_and(|home| path.canonicalize().is_ok_and(|path| path.starts_with(home)));
    if is_own {
        return Check::ok("permissions", "the configuration is in this user's own folder");
    }
    let what = format!(
        "{} is not below this user's own folder, so others may read a key in it, or change it",
        path.display()
    );
    let next = "move it to where `mispigeon config init` writes it, or take the others' rights away (icacls)";
    Check::warning("permissions", what, next)
}
