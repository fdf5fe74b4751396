//! `mispigeon doctor`: is everything in place, and what to do about what is not.

use std::io::IsTerminal;

use super::args::{Doctor as Arguments, Global, ReceiptFormat};
use super::failure::{Exit, Failure};
use super::output::{Out, printable};
use crate::doctor::{self, Check, Scope, State};
use crate::install::Platform;

/// Runs the command.
pub fn run(global: &Global, arguments: &Arguments) -> Result<(), Failure> {
    let scope = Scope {
        file: global.config.as_deref(),
        profile: arguments.profile.as_deref(),
        offline: arguments.offline,
    };
    let mut out = Out::new();
    let mut checks = Vec::new();
    let mut failed = None;
    let platform = Platform::detect().ok();
    let shows_progress = std::io::stderr().is_terminal() && !global.quiet;
    let asking = |server: &str| {
        if shows_progress {
            eprintln!("asking {} …", printable(server));
        }
    };
    doctor::examine(&scope, platform.as_ref(), &asking, &mut |check| {
        if arguments.format == ReceiptFormat::Text && failed.is_none() {
            failed = show(&mut out, &check).err();
        }
        checks.push(check);
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    if arguments.format == ReceiptFormat::Json {
        out.json(&checks)?;
    }
    out.flush()?;
    let problems = checks.iter().filter(|check| check.state == State::Problem).count();
    match problems {
        0 => Ok(()),
        1 => Err(Failure::new(Exit::Config, "there is 1 problem")),
        _ => Err(Failure::new(Exit::Config, format!("there are {problems} problems"))),
    }
}

/// One line, and what to do on the next.
fn show(out: &mut Out, check: &Check) -> Result<(), Failure> {
    let state = match check.state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Problem => "problem",
        State::Skipped => "-",
    };
    let name = match &check.profile {
        Some(profile) => format!("{} ({profile})", check.id),
        None => check.id.to_owned(),
    };
    out.line(&format!("{state:8} {name:14} {}", printable(&check.found)))?;
    if let Some(next) = &check.next {
        out.line(&format!("{:24}→ {}", "", printable(next)))?;
    }
    out.flush()
}
