//! What goes where on which system, and which words go with it.

use std::io;
use std::path::Path;

use super::super::{InstallError, Plan, Platform, Scope, Step};
use super::{linux, macos, windows};

fn places(platform: &Platform, scope: Scope) -> Vec<String> {
    Plan::thunderbird(platform, scope, false)
        .steps
        .iter()
        .map(Step::place)
        .collect()
}

#[test]
fn each_system_and_scope_has_its_places() {
    let fedora = Platform {
        has_lib64: true,
        ..linux()
    };
    let cases: [(&Platform, Scope, &[&str]); 8] = [
        (
            &linux(),
            Scope::User,
            &[
                "/home/ana/.local/share/mispigeon/mispigeon.xpi",
                "/home/ana/.mozilla/native-messaging-hosts/mispigeon.json",
            ],
        ),
        (
            &linux(),
            Scope::System,
            &[
                "/usr/share/mozilla/extensions/{3550f703-e582-4d05-9a08-453d09bdfdc6}/mispigeon@mispigeon.org.xpi",
                "/usr/lib/mozilla/native-messaging-hosts/mispigeon.json",
            ],
        ),
        (
            &fedora,
            Scope::System,
            &[
                "/usr/share/mozilla/extensions/{3550f703-e582-4d05-9a08-453d09bdfdc6}/mispigeon@mispigeon.org.xpi",
                "/usr/lib/mozilla/native-messaging-hosts/mispigeon.json",
                "/usr/lib64/mozilla/native-messaging-hosts/mispigeon.json",
            ],
        ),
        (
            &fedora,
            Scope::User,
            &[
                "/home/ana/.local/share/mispigeon/mispigeon.xpi",
                "/home/ana/.mozilla/native-messaging-hosts/mispigeon.json",
            ],
        ),
        (
            &macos(),
            Scope::User,
            &[
                "/Users/ana/Library/Application Support/mispigeon/mispigeon.xpi",
                "/Users/ana/Library/Mozilla/NativeMessagingHosts/mispigeon.json",
            ],
        ),
        (
            &macos(),
            Scope::System,
            &[
                "/Library/Application Support/mispigeon/mispigeon.xpi",
                "/Library/Application Support/Mozilla/NativeMessagingHosts/mispigeon.json",
            ],
        ),
        (
            &windows(),
            Scope::User,
            &[
                r"C:\Users\Ana\AppData\Local\mispigeon\data\mispigeon.xpi",
                r"C:\Users\Ana\AppData\Local\mispigeon\data\mispigeon.json",
                r"HKCU\Software\Mozilla\NativeMessagingHosts\mispigeon",
            ],
        ),
        (
            &windows(),
            Scope::System,
            &[
                r"C:\ProgramData\mispigeon\mispigeon.xpi",
                r"C:\ProgramData\mispigeon\mispigeon.json",
                r"HKLM\Software\Mozilla\NativeMessagingHosts\mispigeon",
            ],
        ),
    ];
    for (platform, scope, expected) in cases {
        assert_eq!(places(platform, scope), expected, "{:?} {scope:?}", platform.system);
    }
}

#[test]
fn the_registry_leads_to_the_manifest_that_was_written() {
    for scope in [Scope::User, Scope::System] {
        let plan = Plan::thunderbird(&windows(), scope, false);
        let [_, Step::HostManifest { path, .. }, Step::RegistryKey { manifest, .. }] = &plan.steps[..] else {
            panic!("{:?}", plan.steps);
        };
        assert_eq!(path, manifest);
    }
}

#[test]
fn each_manifest_starts_the_running_program_for_our_extension_only() {
    for platform in [linux(), macos(), windows()] {
        let plan = Plan::thunderbird(&platform, Scope::User, false);
        let text = plan.steps.iter().find_map(|step| match step {
            Step::HostManifest { text, .. } => Some(text),
            _ => None,
        });
        let manifest: serde_json::Value = serde_json::from_str(text.unwrap()).unwrap();
        let expected = serde_json::json!({
            "name": "mispigeon",
            "description": "Turns e-mails into MISP events",
            "path": platform.binary,
            "type": "stdio",
            "allowed_extensions": ["mispigeon@mispigeon.org"],
        });
        assert_eq!(manifest, expected);
    }
}

#[test]
fn the_step_that_remains_names_what_this_system_needs() {
    let cases = [
        (
            linux(),
            Scope::User,
            "Install Add-on From File…\", and paste this path:\n\n    /home/ana/.local/share/mispigeon/mispigeon.xpi",
        ),
        (linux(), Scope::System, "restart Thunderbird"),
        (
            macos(),
            Scope::User,
            "after Cmd+Shift+G paste this path:\n\n    /Users/ana/Library/Application Support/mispigeon/mispigeon.xpi",
        ),
        (
            macos(),
            Scope::System,
            "install_url file:///Library/Application%20Support/mispigeon/mispigeon.xpi",
        ),
        (
            windows(),
            Scope::User,
            r"C:\Users\Ana\AppData\Local\mispigeon\data\mispigeon.xpi",
        ),
        (
            windows(),
            Scope::System,
            "install_url file:///C:/ProgramData/mispigeon/mispigeon.xpi",
        ),
    ];
    for (platform, scope, expected) in cases {
        let words = Plan::thunderbird(&platform, scope, false).after_install;
        assert!(words.contains(expected), "{words}");
        assert!(words.starts_with("One step remains"), "{words}");
    }
}

#[test]
fn a_machine_warns_of_what_may_keep_the_extension_from_working() {
    let snap = Platform {
        snap: Some("/snap/bin/thunderbird".into()),
        ..linux()
    };
    let flatpak = Platform {
        flatpak: Some("/home/ana/.var/app/org.mozilla.Thunderbird".into()),
        ..linux()
    };
    let both = Platform {
        flatpak: flatpak.flatpak.clone(),
        ..snap.clone()
    };
    let sudo = Platform {
        through_sudo: true,
        home: "/root".into(),
        ..linux()
    };
    let at = |platform: Platform, path: &str| Platform {
        binary: path.into(),
        ..platform
    };
    let cases: &[(Platform, Scope, &[&str])] = &[
        (linux(), Scope::User, &[]),
        (linux(), Scope::System, &[]),
        (macos(), Scope::System, &[]),
        (windows(), Scope::System, &[]),
        (
            snap.clone(),
            Scope::User,
            &["if your Thunderbird is the Snap (/snap/bin/thunderbird is there)"],
        ),
        (snap, Scope::System, &["installed from file by each user"]),
        (flatpak, Scope::User, &["starts no program outside its sandbox"]),
        (both, Scope::User, &["the Snap", "the Flatpak"]),
        (sudo.clone(), Scope::User, &["this is for root, whose home is /root"]),
        (sudo, Scope::System, &[]),
        (
            at(linux(), "/home/ana/mispigeon/target/debug/mispigeon"),
            Scope::User,
            &["folder of builds"],
        ),
        (
            at(linux(), "/b/target/x86_64-unknown-linux-musl/release/mispigeon"),
            Scope::System,
            &["folder of builds"],
        ),
        (at(linux(), "/opt/target/mispigeon"), Scope::System, &[]),
        (
            at(linux(), "/tmp/.mount_x/mispigeon"),
            Scope::User,
            &["folder for temporary files"],
        ),
        (at(linux(), "/tmpfiles/mispigeon"), Scope::User, &[]),
        (at(linux(), "/home/ana/.cargo/bin/mispigeon"), Scope::User, &[]),
        (
            at(linux(), "/home/bob/.cargo/bin/mispigeon"),
            Scope::System,
            &["other users cannot start it"],
        ),
        (
            at(windows(), r"c:\users\Bob\mispigeon.exe"),
            Scope::System,
            &["other users cannot start it"],
        ),
        (
            at(windows(), r"C:\Src\target\release\mispigeon.exe"),
            Scope::User,
            &["folder of builds"],
        ),
    ];
    for (platform, scope, expected) in cases {
        let warnings = Plan::thunderbird(platform, *scope, false).warnings;
        assert_eq!(
            warnings.len(),
            expected.len(),
            "{} {warnings:?}",
            platform.binary.display()
        );
        for (warning, part) in warnings.iter().zip(*expected) {
            assert!(warning.contains(part), "{warning}");
        }
    }
}

#[test]
fn a_program_without_an_absolute_path_is_refused() {
    let cases = [
        (linux(), "/usr/bin/mispigeon", true),
        (linux(), "bin/mispigeon", false),
        (linux(), r"C:\mispigeon.exe", false),
        (windows(), r"C:\mispigeon.exe", true),
        (windows(), r"\\server\share\mispigeon.exe", true),
        (windows(), r"C:mispigeon.exe", false),
        (windows(), "/usr/bin/mispigeon", false),
    ];
    for (platform, binary, fits) in cases {
        let platform = Platform {
            binary: binary.into(),
            ..platform
        };
        assert_eq!(platform.check_binary().is_ok(), fits, "{binary}");
    }
}

#[test]
fn missing_rights_come_with_what_to_do() {
    let cases = [
        (Scope::System, io::ErrorKind::PermissionDenied, "run it with sudo"),
        (
            Scope::System,
            io::ErrorKind::ReadOnlyFilesystem,
            "install for yourself, without --system",
        ),
        (Scope::User, io::ErrorKind::PermissionDenied, "check its owner"),
    ];
    for (scope, kind, expected) in cases {
        let error = InstallError::file(Path::new("/usr/lib/mozilla"), scope, kind.into()).to_string();
        assert!(
            error.starts_with("/usr/lib/mozilla cannot") && error.ends_with(expected),
            "{error}"
        );
    }
}
