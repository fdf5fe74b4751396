//! `mispigeon install` and `mispigeon uninstall`: connects the program with a mail program or disconnects it.

use std::path::Path;

use super::args::{Global, Integration, Placement, Postfix, Removal, Rule};
use super::failure::{Exit, Failure};
use super::output::Out;
use crate::config::Config;
use crate::install::{
    self, Change, HandOver, InstallError, Machine, Owner, Plan, Platform, Postconf, Scope, Step, System, SystemRegistry,
};

/// The default configuration of services.
const CONFIG: &str = "/etc/mispigeon/config.toml";

/// The data folder of services, unless the environment sets another.
const DATA: &str = "/var/lib/mispigeon";

/// A unit whose presence shows that a package is installed.
const PACKAGED: &str = "/usr/lib/systemd/system/mispigeon-listen.service";

pub fn run(global: &Global, integration: &Integration) -> Result<(), Failure> {
    let platform = Platform::detect()?;
    platform.check_binary()?;
    let mut postconf = Postconf::new(None);
    let (plan, dry) = match integration {
        Integration::Thunderbird {
            placement,
            filter_action,
        } => {
            let plan = Plan::thunderbird(&platform, scope(placement), *filter_action);
            (plan, placement.dry_run)
        }
        Integration::AppleMail(rule) => (apple_mail(global, &platform, rule)?, rule.dry_run),
        Integration::Postfix(arguments) => {
            postconf = Postconf::new(arguments.removal.config_dir.as_deref());
            (
                postfix(global, &platform, &postconf, arguments)?,
                arguments.removal.dry_run,
            )
        }
        Integration::Systemd(units) => {
            check_system(&platform, System::Linux, "systemd", "Linux", units.dry_run)?;
            (systemd(&platform)?, units.dry_run)
        }
    };
    let changes = install::carry_out(&plan, &machine(&postconf), dry)?;
    let mut out = Out::new();
    show(&mut out, &changes, dry)?;
    out.flush()?;
    for warning in &plan.warnings {
        tracing::warn!("{warning}");
    }
    end(&mut out, &plan.after_install, dry)
}

pub fn undo(removal: &Removal) -> Result<(), Failure> {
    let platform = Platform::detect()?;
    let mut postconf = Postconf::new(None);
    let (plan, dry) = match removal {
        Removal::Thunderbird(placement) => {
            let with_companion = true;
            let plan = Plan::thunderbird(&platform, scope(placement), with_companion);
            (plan, placement.dry_run)
        }
        Removal::AppleMail(rule) => (Plan::apple_mail(&platform, rule.profile.as_deref())?, rule.dry_run),
        Removal::Postfix(arguments) => {
            postconf = Postconf::new(arguments.config_dir.as_deref());
            let folder = postconf.folder().map_err(InstallError::main_cf)?;
            (Plan::postfix_removal(&folder), arguments.dry_run)
        }
        Removal::Systemd(units) => {
            install::check_units_are_disabled()?;
            (Plan::systemd(&platform)?, units.dry_run)
        }
    };
    let changes = install::undo(&plan, &machine(&postconf), dry)?;
    let mut out = Out::new();
    show(&mut out, &changes, dry)?;
    end(&mut out, &plan.after_uninstall, dry)
}

/// Refuses a rule that would fail for each mail because its profile does not exist, or that no program here would run.
fn apple_mail(global: &Global, platform: &Platform, rule: &Rule) -> Result<Plan, Failure> {
    check_system(platform, System::MacOs, "Apple Mail", "macOS", rule.dry_run)?;
    if rule.profile.is_some() {
        check_profiles(global.config.as_deref(), &[rule.profile.as_deref()])?;
    }
    Ok(Plan::apple_mail(platform, rule.profile.as_deref())?)
}

fn postfix(global: &Global, platform: &Platform, postconf: &Postconf, arguments: &Postfix) -> Result<Plan, Failure> {
    let folder = postconf.folder().map_err(InstallError::main_cf)?;
    let mut recipients = arguments.address.clone();
    let hand_over = if let Some(at) = &arguments.lmtp {
        HandOver::Lmtp { at: at.clone() }
    } else {
        for recipient in &mut recipients {
            recipient.profile = recipient.profile.take().or_else(|| arguments.profile.clone());
        }
        let config = global.config.as_deref().unwrap_or(Path::new(CONFIG));
        let profiles: Vec<Option<&str>> = recipients
            .iter()
            .map(|recipient| recipient.profile.as_deref())
            .collect();
        if profiles.iter().any(Option::is_some) {
            check_profiles(Some(config), &profiles)?;
        }
        HandOver::Pipe {
            user: Owner::look_up(&arguments.user)?,
            config: absolute(config)?,
            data: absolute(std::env::var_os("MISPIGEON_DATA_DIR").unwrap_or_else(|| DATA.into()))?,
        }
    };
    Ok(Plan::postfix(platform, &folder, &hand_over, &recipients)?)
}

fn systemd(platform: &Platform) -> Result<Plan, InstallError> {
    let mut plan = Plan::systemd(platform)?;
    if Path::new(PACKAGED).exists() {
        plan.warnings.push(format!(
            "{PACKAGED} exists already, from a package: units in /etc/systemd/system override those"
        ));
    }
    Ok(plan)
}

fn absolute(path: impl AsRef<Path>) -> Result<String, Failure> {
    let path = std::path::absolute(path).map_err(Failure::cannot_create)?;
    Ok(path.to_string_lossy().into_owned())
}

fn check_system(
    platform: &Platform,
    needed: System,
    program: &'static str,
    system: &'static str,
    dry: bool,
) -> Result<(), InstallError> {
    if platform.system == needed || dry {
        return Ok(());
    }
    Err(InstallError::OtherSystem { program, system })
}

fn check_profiles(config: Option<&Path>, profiles: &[Option<&str>]) -> Result<(), Failure> {
    let config = Config::of_another_user(config).map_err(Failure::config)?;
    for profile in profiles {
        config.profile(*profile).map_err(Failure::config)?;
    }
    Ok(())
}

fn machine(postconf: &Postconf) -> Machine<'_> {
    Machine {
        registry: &SystemRegistry,
        main_cf: postconf,
    }
}

fn scope(placement: &Placement) -> Scope {
    if placement.system { Scope::System } else { Scope::User }
}

/// Prints a line for each step.
fn show(out: &mut Out, changes: &[(&Step, Change)], dry: bool) -> Result<(), Failure> {
    for (step, change) in changes {
        let place = step.place();
        let line = match (change, dry) {
            (Change::Written, false) => format!("wrote {place}"),
            (Change::Written, true) => format!("would write {place}"),
            (Change::Replaced(how), false) => format!("replaced {place}: {how}"),
            (Change::Replaced(how), true) => format!("would replace {place}: {how}"),
            (Change::Unchanged, _) => format!("already in place: {place}"),
            (Change::Needless, _) => format!("not needed: {place}"),
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

/// Prints what the person has to do next, except after a dry run.
fn end(out: &mut Out, next: &str, dry: bool) -> Result<(), Failure> {
    if !dry {
        out.line(&format!("\n{next}"))?;
    }
    out.flush()
}

impl From<InstallError> for Failure {
    fn from(error: InstallError) -> Self {
        let exit = match error {
            InstallError::OtherSystem { .. } | InstallError::ProfileName { .. } | InstallError::MailAddress { .. } => {
                Exit::Usage
            }
            _ => Exit::CannotCreate,
        };
        Self::new(exit, error)
    }
}
