//! Units for systemd, and the user that they run as: the files of `manifests/systemd`, with the program's path filled in.
//! Nothing is enabled or started here: that is left to the administrator.

use std::fs;
use std::path::Path;

use super::{InstallError, Plan, Platform, Scope, Signed, Step, advice};

/// Where an administrator's units lie.
const UNITS: &str = "/etc/systemd/system";

/// What in the units stands for the program.
const PROGRAM: &str = "/usr/bin/mispigeon";

/// The folder, the name there, and the text.
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

/// The links by which systemd knows what is enabled, with the unit.
const ENABLED: [(&str, &str); 3] = [
    ("multi-user.target.wants", "mispigeon-listen.service"),
    ("sockets.target.wants", "mispigeon-listen.socket"),
    ("timers.target.wants", "mispigeon-outbox.timer"),
];

impl Plan {
    /// Plans for the systemd of a machine.
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

/// Refuses while one of the administrator's units is enabled: systemd cannot disable a unit whose file is gone. Units of a
/// package are left to the package.
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
mod tests {
    use super::super::tests::linux;
    use super::*;

    #[test]
    fn every_unit_starts_the_program_where_it_is() {
        let plan = Plan::systemd(&linux()).unwrap();
        let mut commands = 0;
        for step in &plan.steps {
            let Step::File { text, .. } = step else {
                panic!("{step:?}");
            };
            for line in text.as_str().lines().filter(|line| line.starts_with("Exec")) {
                assert!(
                    line.starts_with("ExecStart=/usr/local/bin/mispigeon --config "),
                    "{line}"
                );
                commands += 1;
            }
        }
        assert_eq!(commands, 2);
        assert!(plan.after_install.contains("/usr/local/bin/mispigeon --config"));
    }

    #[test]
    fn a_program_whose_path_would_have_to_be_quoted_is_refused() {
        for path in [
            "/opt/my programs/mispigeon",
            "/opt/%h/mispigeon",
            "/opt/é",
            "/opt/$x",
            "/opt/\"quoted\"",
        ] {
            let platform = Platform {
                binary: path.into(),
                ..linux()
            };
            let error = Plan::systemd(&platform).unwrap_err().to_string();
            assert!(error.contains("/usr/local/bin"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_enabled_is_disabled_first() {
        let units = tempfile::tempdir().unwrap();
        check_disabled(units.path()).unwrap();
        let wants = units.path().join("timers.target.wants");
        fs::create_dir(&wants).unwrap();
        let (link, unit) = (wants.join("mispigeon-outbox.timer"), "mispigeon-outbox.timer");
        // That of a package.
        std::os::unix::fs::symlink(Path::new("/usr/lib/systemd/system").join(unit), &link).unwrap();
        check_disabled(units.path()).unwrap();
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(units.path().join(unit), &link).unwrap();
        let error = check_disabled(units.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("`systemctl disable --now mispigeon-outbox.timer`"),
            "{error}"
        );
    }
}
