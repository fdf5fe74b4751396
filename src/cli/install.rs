//! `mispigeon install` and `mispigeon uninstall`: connect the program with a mail program, and part them again.

use super::args::{Integration, Placement};
use super::failure::{Exit, Failure};
use super::output::Out;
use crate::install::{self, Change, InstallError, Machine, Plan, Platform, RegExe, Scope, Step};

/// Runs `install`.
pub fn run(integration: &Integration) -> Result<(), Failure> {
    let platform = Platform::detect()?;
    platform.check_binary()?;
    let (plan, dry) = plan(integration, &platform, false);
    let changes = install::carry_out(&plan, &machine(), dry)?;
    let mut out = Out::new();
    show(&mut out, &changes, dry)?;
    out.flush()?;
    for warning in &plan.warnings {
        tracing::warn!("{warning}");
    }
    end(&mut out, &plan.after_install, dry)
}

/// Runs `uninstall`.
pub fn undo(integration: &Integration) -> Result<(), Failure> {
    let (plan, dry) = plan(integration, &Platform::detect()?, true);
    let changes = install::undo(&plan, &machine(), dry)?;
    let mut out = Out::new();
    show(&mut out, &changes, dry)?;
    end(&mut out, &plan.after_uninstall, dry)
}

/// The plan, and whether it is a dry run; with `all` for everything that could have been installed.
fn plan(integration: &Integration, platform: &Platform, all: bool) -> (Plan, bool) {
    match integration {
        Integration::Thunderbird {
            placement,
            filter_action,
        } => {
            let plan = Plan::thunderbird(platform, scope(placement), all || *filter_action);
            (plan, placement.dry_run)
        }
    }
}

fn machine() -> Machine<'static> {
    Machine { registry: &RegExe }
}

fn scope(placement: &Placement) -> Scope {
    if placement.system { Scope::System } else { Scope::User }
}

/// One line for each step.
fn show(out: &mut Out, changes: &[(&Step, Change)], dry: bool) -> Result<(), Failure> {
    for (step, change) in changes {
        let place = step.place();
        let line = match (change, dry) {
            (Change::Written, false) => format!("wrote {place}"),
            (Change::Written, true) => format!("would write {place}"),
            (Change::Replaced(how), false) => format!("replaced {place}: {how}"),
            (Change::Replaced(how), true) => format!("would replace {place}: {how}"),
            (Change::Unchanged, _) => format!("already in place: {place}"),
            (Change::Removed, false) => format!("removed {place}"),
            (Change::Removed, true) => format!("would remove {place}"),
            (Change::Absent, _) => format!("not there: {place}"),
            (Change::Left(what), _) => format!("left {place}: {what}"),
        };
        out.line(&line)?;
    }
    Ok(())
}

/// What the person does next; nothing after a dry run.
fn end(out: &mut Out, next: &str, dry: bool) -> Result<(), Failure> {
    if !dry {
        out.line(&format!("\n{next}"))?;
    }
    out.flush()
}

impl From<InstallError> for Failure {
    fn from(error: InstallError) -> Self {
        Self::new(Exit::CannotCreate, error)
    }
}
