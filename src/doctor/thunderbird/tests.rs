use std::fs;
use std::path::{Path, PathBuf};

use super::super::CheckState;
use super::super::check::Check;
use super::{VERSION, examine};
use crate::install::{
    FILTER_ACTION_ID, Plan, Platform, Postconf, Scope, System, SystemRegistry, carry_out, render_host_manifest,
};
use crate::native::EXTENSION_ID;

struct Machine {
    home: tempfile::TempDir,
    platform: Platform,
}

impl Machine {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let binary = home.path().join("bin/mispigeon");
        let machine = Self {
            platform: Platform {
                system: System::Linux,
                data: home.path().join("data"),
                home: home.path().to_owned(),
                shared_data: PathBuf::new(),
                temporary: "/nowhere".into(),
                has_lib64: false,
                snap: None,
                flatpak: None,
                through_sudo: false,
                binary,
            },
            home,
        };
        machine.program("bin/mispigeon", true);
        machine
    }

    fn program(&self, name: &str, may_run: bool) -> PathBuf {
        let path = self.write(name, "#!/bin/sh\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = if may_run { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        path
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn install(&self) {
        let machine = crate::install::Machine {
            registry: &SystemRegistry,
            main_cf: &Postconf::new(None),
        };
        carry_out(&Plan::thunderbird(&self.platform, Scope::User, false), &machine, false).unwrap();
    }

    fn manifest_of(&self, program: &Path) {
        self.write(
            ".mozilla/native-messaging-hosts/mispigeon.json",
            &render_host_manifest(program),
        );
    }

    fn profile(&self, version: &str, active: bool) {
        self.write(
            ".thunderbird/profiles.ini",
            "[Profile0]\nIsRelative=1\nPath=a.default\n",
        );
        let json = format!(r#"{{"addons":[{{"id":"{EXTENSION_ID}","version":"{version}","active":{active}}}]}}"#);
        self.write(".thunderbird/a.default/extensions.json", &json);
    }

    fn checks(&self) -> Vec<Check> {
        examine(
            &self.platform,
            &SystemRegistry,
            &super::profiles::folders(&self.platform),
        )
    }

    /// Identity and state of each.
    fn states(&self) -> Vec<(&'static str, CheckState)> {
        self.checks().into_iter().map(|check| (check.id, check.state)).collect()
    }

    #[track_caller]
    fn assert_says(&self, id: &str, state: CheckState, words: &str) {
        let checks = self.checks();
        let check = checks.iter().find(|check| check.id == id).unwrap();
        assert!(check.state == state && check.what.contains(words), "{check:?}");
        assert_eq!(
            check.next.is_some(),
            matches!(state, CheckState::Warning | CheckState::Problem),
            "{check:?}"
        );
    }
}

#[test]
fn an_installation_that_thunderbird_has_taken_is_fine() {
    let machine = Machine::new();
    machine.install();
    machine.profile(VERSION, true);
    let expected = ["extension-file", "host-manifest", "extension"].map(|id| (id, CheckState::Ok));
    assert_eq!(machine.states(), expected);
}

#[test]
fn a_filter_action_that_thunderbird_refuses_is_told() {
    let machine = Machine::new();
    machine.install();
    machine.profile(VERSION, true);
    for (refused, state) in [("false", CheckState::Ok), ("true", CheckState::Warning)] {
        let ours = format!(r#"{{"id":"{EXTENSION_ID}","version":"{VERSION}","active":true}}"#);
        let companion =
            format!(r#"{{"id":"{FILTER_ACTION_ID}","version":"0.1.0","active":true,"appDisabled":{refused}}}"#);
        let json = format!(r#"{{"addons":[{ours},{companion}]}}"#);
        machine.write(".thunderbird/a.default/extensions.json", &json);
        machine.assert_says("filter-action", state, "0.1.0");
    }
}

#[test]
fn a_newer_esr_is_told_from_a_thunderbird_that_takes_no_experiments() {
    let machine = Machine::new();
    machine.install();
    machine.profile(VERSION, true);
    let json =
        format!(r#"{{"addons":[{{"id":"{FILTER_ACTION_ID}","version":"0.1.0","active":false,"appDisabled":true}}]}}"#);
    machine.write(".thunderbird/a.default/extensions.json", &json);
    for (last, words) in [
        ("166.0_1/1", "Thunderbird 166.0 in "),
        ("166.0_1/1", "which is made for up to 153"),
        ("153.8.0_1/1", "takes no Experiments"),
        ("nonsense", "takes no Experiments"),
    ] {
        let ini = format!("[Compatibility]\nLastVersion={last}\n");
        machine.write(".thunderbird/a.default/compatibility.ini", &ini);
        machine.assert_says("filter-action", CheckState::Warning, words);
    }
}

#[test]
fn without_thunderbird_nothing_is_wrong_and_its_extension_alone_is_a_problem() {
    let machine = Machine::new();
    assert_eq!(machine.states(), [("host-manifest", CheckState::Skipped)]);
    machine.profile(VERSION, true);
    machine.assert_says("host-manifest", CheckState::Problem, "nothing leads it");
}

#[test]
fn a_manifest_says_which_program_thunderbird_starts() {
    let machine = Machine::new();
    machine.install();
    machine.manifest_of(&machine.program("opt/mispigeon", true));
    machine.assert_says(
        "host-manifest",
        CheckState::Warning,
        "opt/mispigeon, another program than this",
    );
    machine.manifest_of(&machine.program("opt/mispigeon", false));
    machine.assert_says("host-manifest", CheckState::Problem, "which cannot be run as a program");
    machine.manifest_of(Path::new("/nowhere/mispigeon"));
    machine.assert_says("host-manifest", CheckState::Problem, "cannot be started");
    machine.write(".mozilla/native-messaging-hosts/mispigeon.json", r#"{"name":"other"}"#);
    machine.assert_says(
        "host-manifest",
        CheckState::Problem,
        "not a host manifest for MISPigeon",
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_this_program_is_this_program() {
    let machine = Machine::new();
    machine.install();
    let link = machine.home.path().join("link");
    std::os::unix::fs::symlink(&machine.platform.binary, &link).unwrap();
    machine.manifest_of(&link);
    machine.assert_says("host-manifest", CheckState::Ok, "this program");
}

#[test]
fn an_extension_of_another_version_or_switched_off_is_told() {
    let machine = Machine::new();
    machine.install();
    machine.assert_says("extension", CheckState::Skipped, "no profile");
    machine.profile("0.0.1", true);
    machine.assert_says("extension", CheckState::Warning, "Thunderbird has 0.0.1");
    machine.profile(VERSION, false);
    machine.assert_says("extension", CheckState::Problem, "switched off");
    machine.write(".thunderbird/a.default/extensions.json", r#"{"addons":[]}"#);
    machine.assert_says("extension", CheckState::Warning, "no profile of Thunderbird has it");
}

#[test]
fn the_file_of_the_extension_may_go_once_thunderbird_has_it() {
    let machine = Machine::new();
    machine.install();
    let file = machine.write("data/mispigeon.xpi", "older");
    machine.assert_says(
        "extension-file",
        CheckState::Warning,
        "not the extension of this program",
    );
    fs::remove_file(file).unwrap();
    machine.assert_says("extension-file", CheckState::Warning, "is not there");
    machine.profile(VERSION, true);
    assert!(machine.states().iter().all(|(id, _)| *id != "extension-file"));
}

#[test]
fn what_may_go_wrong_on_this_machine_is_told_with_the_installation() {
    let mut machine = Machine::new();
    machine.platform.flatpak = Some("/var/lib/flatpak/exports/bin/org.mozilla.Thunderbird".into());
    machine.install();
    machine.assert_says("thunderbird-place", CheckState::Warning, "the extension cannot work");
}
