//! The systemd units, and the user that they run as: the files of `manifests/systemd` with the program's path filled
//! in. The administrator enables and starts them.

use std::fs;
use std::path::Path;

use super::{InstallError, Plan, Platform, Scope, Signed, Step, advice};

/// The folder of an administrator's units.
const UNITS: &str = "/etc/systemd/system";

/// The program's path in the units, to be replaced.
const PROGRAM: &str = "/usr/bin/mispigeon";

/// Folder, file name, text.
const FILES: [(&str, &str, &str); 5] = [
    (
        "/etc/sysusers.d",
        "mispigeon.conf",
        include_str!("../../manifests/systemd/mispigeon.sysusers"),
    ),
    (
        UNITS,
        "mispigeon-listen.service",
        include_str!("../../manifests/systemd/mispigeon-listen.service"),
    ),
    (
        UNITS,
        "mispigeon-listen.socket",
        include_str!("../../manifests/systemd/mispigeon-listen.socket"),
    ),
    (
        UNITS,
        "mispigeon-outbox.service",
        include_str!("../../manifests/systemd/mispigeon-outbox.service"),
    ),
    (
        UNITS,
        "mispigeon-outbox.timer",
        include_str!("../../manifests/systemd/mispigeon-outbox.timer"),
    ),
];

/// The links that enable a unit: folder, unit.
const ENABLED: [(&str, &str); 3] = [
    ("multi-user.target.wants", "mispigeon-listen.service"),
    ("sockets.target.wants", "mispigeon-listen.socket"),
    ("timers.target.wants", "mispigeon-outbox.timer"),
];

impl Plan {
    pub fn systemd(platform: &Platform) -> Result<Self, InstallError> {
        let program = platform.plain_binary()?;
        let steps = FILES.map(|(folder, name, text)| Step::File {
            path: Path::new(folder).join(name),
            text: Signed::new("#", &text.replace(PROGRAM, program)),
            owner: None,
        });
        Ok(Self {
            scope: Scope::System,
            steps: steps.into(),
            warnings: advice::warnings_of_program(platform, Scope::System),
            after_install: advice::after_systemd(program),
            after_uninstall: advice::without_systemd(),
        })
    }
}

/// Fails if one of the administrator's units is enabled, because systemd cannot disable a unit whose file is gone. A
/// package takes care of its own units.
pub fn check_units_are_disabled() -> Result<(), InstallError> {
    check_disabled(Path::new(UNITS))
}

fn check_disabled(units: &Path) -> Result<(), InstallError> {
    let is_enabled = |(target, unit): &&(&str, &str)| {
        let link = units.join(target).join(unit);
        fs::read_link(link).is_ok_and(|to| to == units.join(unit))
    };
    let enabled: Vec<&str> = ENABLED.iter().filter(is_enabled).map(|(_, unit)| *unit).collect();
    if enabled.is_empty() {
        return Ok(());
    }
    Err(InstallError::Enabled(enabled.join(" ")))
}

#[cfg(test)]
#[path = "systemd_tests.rs"]
mod tests;
