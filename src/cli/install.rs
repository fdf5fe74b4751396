//! `mispigeon install` and `mispigeon uninstall`: connect the program with a mail program, and part them again.

use super::args::{Global, Integration, Placement, Rule};
use super::failure::{Exit, Failure};
use super::output::Out;
use crate::config::Config;
use crate::install::{self, Change, InstallError, Machine, Plan, Platform, RegExe, Scope, Step, System};

/// Runs `install`.
pub fn run(global: &Global, integration: &Integration) -> Result<(), Failure> {
    let platform = Platform::detect()?;
    platform.check_binary()?;
    let dry = is_dry(integration);
    if let Integration::AppleMail(rule) = integration {
        check_rule(global, &platform, rule)?;
    }
    let plan = plan(&platform, integration, false)?;
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
    let dry = is_dry(integration);
    let plan = plan(&Platform::detect()?, integration, true)?;
    let changes = install::undo(&plan, &machine(), dry)?;
    let mut out = Out::new();
    show(&mut out, &changes, dry)?;
    end(&mut out, &plan.after_uninstall, dry)
}

/// With `all` everything that could have been installed.
fn plan(platform: &Platform, integration: &Integration, all: bool) -> Result<Plan, InstallError> {
    match integration {
        Integration::Thunderbird {
            placement,
            filter_action,
        } => Ok(Plan::thunderbird(platform, scope(placement), all || *filter_action)),
        Integration::AppleMail(rule) => Plan::apple_mail(platform, rule.profile.as_deref()),
    }
}

fn is_dry(integration: &Integration) -> bool {
    match integration {
        Integration::Thunderbird { placement, .. } => placement.dry_run,
        Integration::AppleMail(rule) => rule.dry_run,
    }
}

/// Refuses a rule that would fail with each mail, as there is no such profile, or that no program here would run.
fn check_rule(global: &Global, platform: &Platform, rule: &Rule) -> Result<(), Failure> {
    if platform.system != System::MacOs && !rule.dry_run {
        let (program, system) = ("Apple Mail", "macOS");
        return Err(InstallError::OtherSystem { program, system }.into());
    }
    if rule.profile.is_some() {
        let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
        config.profile(rule.profile.as_deref()).map_err(Failure::config)?;
    }
    Ok(())
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
        if let (Step::File { text, .. }, Change::Written | Change::Replaced(_), true) = (step, change, dry) {
            for line in text.as_str().lines() {
                out.line(&format!("    {line}"))?;
            }
        }
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
        let exit = match error {
            InstallError::OtherSystem { .. } | InstallError::ProfileName { .. } => Exit::Usage,
            _ => Exit::CannotCreate,
        };
        Self::new(exit, error)
    }
}
