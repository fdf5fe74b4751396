//! `mispigeon config`: write, show, check and import the configuration.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{ConfigCommand, Global};
use super::failure::Failure;
use super::output::Out;
use crate::config::{self, Config};

pub fn run(global: &Global, arguments: &ConfigCommand) -> Result<(), Failure> {
    let mut out = Out::new();
    match arguments {
        ConfigCommand::Init { force } => init(global, &mut out, *force)?,
        ConfigCommand::Show { profile } => {
            let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
            let settings = config.profile(profile.as_deref()).map_err(Failure::config)?;
            out.line(config::render_effective(&settings).trim_end())?;
        }
        ConfigCommand::Check => check(global, &mut out)?,
        ConfigCommand::Import { file, write, profile } => import(global, &mut out, file, profile.as_deref(), *write)?,
    }
    out.flush()
}

fn init(global: &Global, out: &mut Out, force: bool) -> Result<(), Failure> {
    let path = wanted_file(global)?;
    write_file(&path, &config::render_sample(), force)?;
    out.line(&format!(
        "wrote {}; every setting in it is commented out and shows its default",
        path.display()
    ))
}

fn check(global: &Global, out: &mut Out) -> Result<(), Failure> {
    let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
    let notes = config.check().map_err(Failure::config)?;
    match config.file() {
        Some(path) => out.line(&format!("{}: no fault found", path.display()))?,
        None => {
            out.line("there is no configuration file; the defaults are in force (`mispigeon config init` writes one)")?;
        }
    }
    notes.iter().try_for_each(|note| out.line(&format!("note: {note}")))
}

fn import(global: &Global, out: &mut Out, file: &Path, profile: Option<&str>, write: bool) -> Result<(), Failure> {
    let bytes = fs::read(file).map_err(|error| Failure::no_input(format!("{}: {error}", file.display())))?;
    let imported = config::import::import(&String::from_utf8_lossy(&bytes), profile);
    for (line, name, outcome) in &imported.report {
        let mut err = anstream::stderr();
        // If standard error is closed, the import goes on.
        let _ = writeln!(err, "{}:{}: {}: {}", file.display(), line, name, outcome);
    }
    if write {
        let path = wanted_file(global)?;
        match profile {
            Some(name) if path.exists() => add_profile(&path, name, &imported.toml)?,
            _ => write_file(&path, &imported.toml, false)?,
        }
        out.line(&format!("wrote {}", path.display()))
    } else {
        out.line(imported.toml.trim_end())
    }
}

/// Adds a profile's sections to a file that does not have the profile.
fn add_profile(path: &Path, name: &str, sections: &str) -> Result<(), Failure> {
    let before = fs::read_to_string(path).map_err(|error| Failure::no_input(format!("{}: {error}", path.display())))?;
    let known = Config::parse(path, &before).map_err(Failure::config)?;
    if known.profiles().any(|known| known == name) {
        return Err(Failure::cannot_create(format!(
            "{} has a profile `{name}` already and was not changed; choose another name, or remove that profile",
            path.display()
        )));
    }
    let text = format!("{}\n\n{sections}", before.trim_end());
    let config = Config::parse(path, &text).map_err(Failure::config)?;
    config.profile(Some(name)).map_err(Failure::config)?;
    write_file(path, &text, true)
}

/// The configuration file, which may not exist yet.
fn wanted_file(global: &Global) -> Result<PathBuf, Failure> {
    let named = global.config.clone().or_else(Config::default_file);
    named.ok_or_else(|| Failure::config("this system names no folder for configuration; name the file with --config"))
}

fn write_file(path: &Path, text: &str, overwrite: bool) -> Result<(), Failure> {
    if path.exists() && !overwrite {
        return Err(Failure::cannot_create(format!(
            "{} exists already and was not changed; move it away, or name another file with --config",
            path.display()
        )));
    }
    config::write_private(path, text).map_err(|error| Failure::cannot_create(format!("{}: {error}", path.display())))
}
