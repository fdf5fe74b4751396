//! Files and keys that come and go, and those that stay.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Change, Plan, Platform, Registry, Scope, Step, XPI, carry_out, host_manifest, undo};
use super::{Keys, linux, macos, windows};

/// A machine of this system whose user's folders are in a folder of the test.
fn in_folder(platform: Platform, folder: &Path) -> Platform {
    let home = folder.join("home");
    Platform {
        data: home.join("data"),
        home,
        ..platform
    }
}

fn install(plan: &Plan, keys: &Keys) -> Vec<Change> {
    carry_out(plan, &keys.machine(), false)
        .unwrap()
        .into_iter()
        .map(|(_, change)| change)
        .collect()
}

fn uninstall(plan: &Plan, keys: &Keys) -> Vec<Change> {
    undo(plan, &keys.machine(), false)
        .unwrap()
        .into_iter()
        .map(|(_, change)| change)
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

#[test]
fn installing_again_changes_nothing_and_uninstalling_leaves_nothing() {
    for platform in [linux(), macos(), windows()] {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::default();
        let plan = Plan::thunderbird(&in_folder(platform, folder.path()), Scope::User, false);
        let all = |change: Change| vec![change; plan.steps.len()];
        assert_eq!(install(&plan, &keys), all(Change::Written));
        assert_eq!(files(folder.path()).len(), 2);
        assert_eq!(install(&plan, &keys), all(Change::Unchanged));
        assert_eq!(uninstall(&plan, &keys), all(Change::Removed));
        assert!(files(folder.path()).is_empty());
        assert!(keys.0.borrow().is_empty());
        assert_eq!(uninstall(&plan, &keys), all(Change::Absent));
    }
}

#[test]
fn a_dry_run_says_the_same_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::default();
    let plan = Plan::thunderbird(&in_folder(windows(), folder.path()), Scope::User, false);
    let changes = carry_out(&plan, &keys.machine(), true).unwrap();
    assert!(changes.iter().all(|(_, change)| *change == Change::Written));
    assert!(!folder.path().join("home").exists());
    install(&plan, &keys);
    let before = files(folder.path());
    let changes = undo(&plan, &keys.machine(), true).unwrap();
    assert!(changes.iter().all(|(_, change)| *change == Change::Removed));
    assert_eq!(files(folder.path()), before);
    assert_eq!(keys.0.borrow().len(), 1);
}

#[test]
fn what_another_version_left_is_replaced_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::default();
    let platform = in_folder(windows(), folder.path());
    let moved = Platform {
        binary: r"D:\old\mispigeon.exe".into(),
        ..platform.clone()
    };
    let old = Plan::thunderbird(&moved, Scope::User, false);
    install(&old, &keys);
    let [Step::Extension { path, .. }, _, Step::RegistryKey { key, .. }] = &old.steps[..] else {
        panic!("{:?}", old.steps);
    };
    fs::write(path, "an older one").unwrap();
    keys.set(key, Path::new(r"D:\old\mispigeon.json")).unwrap();
    let plan = Plan::thunderbird(&platform, Scope::User, false);
    let words = [
        "it was the extension of another version",
        r"it named D:\old\mispigeon.exe",
        "it led to another manifest",
    ];
    assert_eq!(install(&plan, &keys), words.map(|how| Change::Replaced(how.to_owned())));
    assert_eq!(install(&plan, &keys), vec![Change::Unchanged; 3]);
    assert_eq!(fs::read(path).unwrap(), XPI);
}

#[test]
fn a_moved_program_still_removes_what_it_installed() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::default();
    let platform = in_folder(linux(), folder.path());
    install(&Plan::thunderbird(&platform, Scope::User, false), &keys);
    let moved = Platform {
        binary: "/opt/mispigeon".into(),
        ..platform
    };
    assert_eq!(
        uninstall(&Plan::thunderbird(&moved, Scope::User, false), &keys),
        vec![Change::Removed; 2]
    );
}

#[test]
fn a_manifest_of_somebody_else_stays_and_nothing_is_installed() {
    let of_another_extension = host_manifest::render(Path::new("/usr/bin/x")).replace("@mispigeon.org", "@example.org");
    for foreign in [of_another_extension.as_str(), "not JSON", "", "{}"] {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::default();
        let plan = Plan::thunderbird(&in_folder(linux(), folder.path()), Scope::User, false);
        let path = folder
            .path()
            .join("home/.mozilla/native-messaging-hosts/mispigeon.json");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, foreign).unwrap();
        let error = carry_out(&plan, &keys.machine(), false).unwrap_err().to_string();
        assert!(
            error.contains("is not a host manifest for MISPigeon's extension"),
            "{error}"
        );
        let changes = uninstall(&plan, &keys);
        assert!(matches!(changes[..], [Change::Left(_), Change::Absent]), "{changes:?}");
        assert_eq!(files(folder.path()), [path.as_path()]);
        assert_eq!(fs::read_to_string(&path).unwrap(), foreign);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan::thunderbird(&in_folder(linux(), folder.path()), Scope::User, false);
    // A file where a folder has to be stops root as well.
    fs::write(folder.path().join("home"), "").unwrap();
    let error = carry_out(&plan, &Keys::default().machine(), false)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(&folder.path().join("home").display().to_string()),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn folders_of_all_users_stay_open_to_them() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("share/extensions/mispigeon.xpi");
    let plan = Plan {
        steps: vec![Step::Extension {
            path: path.clone(),
            bytes: XPI,
        }],
        ..Plan::thunderbird(&linux(), Scope::System, false)
    };
    install(&plan, &Keys::default());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o644);
    assert_eq!(mode(&folder.path().join("share/extensions")), 0o755);
    assert_eq!(mode(&folder.path().join("share")), 0o755);
}
