//! The texts of a plan: what the person has to do next, and what may go wrong on this machine.

use std::path::Path;

use super::{HandOver, Platform, Scope, System};

pub(super) fn after_install(platform: &Platform, scope: Scope, extensions: &[&Path]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let system = platform.system;
    let by_hand = install_from_file(system, extensions);
    match (scope, system) {
        (Scope::System, System::Linux) => {
            format!("One step remains: restart Thunderbird. It takes MISPigeon {version} by itself.")
        }
        (Scope::System, System::MacOs | System::Windows) => format!(
            "One step remains: let an enterprise policy install MISPigeon {version} for everybody (ExtensionSettings, \
             force_installed, install_url {}), or let each user {by_hand}",
            extensions
                .iter()
                .map(|path| file_url(system, path))
                .collect::<Vec<_>>()
                .join(" and "),
        ),
        (Scope::User, _) => {
            format!("One step remains, unless Thunderbird has MISPigeon {version} already: {by_hand}")
        }
    }
}

/// The folder is hidden on every system, so a person pastes the path instead of clicking.
fn install_from_file(system: System, extensions: &[&Path]) -> String {
    let what = if extensions.len() > 1 {
        "this path, then do the same with the next"
    } else {
        "this path"
    };
    let way = match system {
        System::Linux | System::Windows => format!("paste {what}"),
        System::MacOs => format!("after Cmd+Shift+G paste {what}"),
    };
    let paths: Vec<_> = extensions.iter().map(|path| path.display().to_string()).collect();
    format!(
        "in Thunderbird open \"Add-ons and Themes\", click the gear beside \"Manage Your Extensions\", choose \
         \"Install Add-on From File…\", and {way}:\n\n    {}",
        paths.join("\n    ")
    )
}

pub(super) fn after_uninstall(platform: &Platform, scope: Scope) -> String {
    let removal = match (scope, platform.system) {
        (Scope::System, System::Linux) => {
            "Thunderbird drops the extension when it starts again, except where a user has installed it from file."
        }
        (Scope::System, System::MacOs | System::Windows) => {
            "One step remains: take the extension out of the enterprise policy, or let each user remove it under \
             \"Add-ons and Themes\"."
        }
        (Scope::User, _) => {
            "One step remains, unless it is done already: in Thunderbird open \"Add-ons and Themes\" and remove \
             MISPigeon."
        }
    };
    format!("{removal}\nConfiguration, outbox and feed were left as they are.")
}

pub(super) fn apple_mail_rule(script: &str) -> String {
    format!(
        "Four steps remain, in Mail:\n\
         1. open Settings, Rules, and click \"Add Rule\";\n\
         2. say which mails the rule is for;\n\
         3. as action choose \"Run AppleScript\", and beside it \"{script}\";\n\
         4. click OK.\n\
         Mail runs the rule on mails that come in; for mails that are there already, select them and choose Message, Apply \
         Rules."
    )
}

pub(super) fn after_apple_mail(script: &str) -> String {
    format!(
        "One step remains: in Mail, under Settings, Rules, remove the rules that run \"{script}\".\nConfiguration, outbox \
         and feed were left as they are."
    )
}

pub(super) fn after_systemd(program: &str) -> String {
    format!(
        "These steps remain, as root:\n\
         1. systemd-sysusers && systemctl daemon-reload\n\
         2. {program} --config /etc/mispigeon/config.toml config init, and in that file say where events go; then\n   \
            chown mispigeon /etc/mispigeon/config.toml && chmod 600 /etc/mispigeon/config.toml\n\
         3. start what you need:\n   \
            systemctl enable --now mispigeon-listen.service    takes mails where [listen] in the configuration says\n   \
            systemctl enable --now mispigeon-listen.socket     takes mails by LMTP at 127.0.0.1:10024\n   \
            systemctl enable --now mispigeon-outbox.timer      delivers later what a pipe could not"
    )
}

pub(super) fn without_systemd() -> String {
    "One step remains: run `systemctl daemon-reload`.\nThe user mispigeon, /etc/mispigeon and /var/lib/mispigeon, with \
     configuration, outbox and feed, were left as they are."
        .to_owned()
}

pub(super) fn after_postfix(hand_over: &HandOver) -> String {
    match hand_over {
        HandOver::Pipe { user, config, data, .. } => format!(
            "Two steps remain:\n\
             1. see that the user {0} can read {config} and write below {data}: {0} owns them, others cannot read them;\n\
             2. run `postfix reload`, and send a mail to try it.\n\
             What cannot be stored stays in Postfix's queue; what cannot be delivered waits in the outbox: mispigeon-outbox.timer \
             of `mispigeon install systemd` tries again.",
            user.name
        ),
        HandOver::Lmtp { at } => format!(
            "Two steps remain:\n\
             1. see that `mispigeon listen` takes mails by LMTP at {at}, as the units of `mispigeon install systemd` do; which \
             profile is for which address says listen.profiles in its configuration;\n\
             2. run `postfix reload`, and send a mail to try it."
        ),
    }
}

pub(super) fn without_postfix() -> String {
    "One step remains: run `postfix reload`.\nConfiguration, outbox and feed were left as they are.".to_owned()
}

/// What may keep the installation from working.
pub(super) fn warnings(platform: &Platform, scope: Scope) -> Vec<String> {
    let of_snap = platform.snap.as_deref().map(|trace| {
        let system = match scope {
            Scope::System => ", and the extension has to be installed from file by each user",
            Scope::User => "",
        };
        format!(
            "if your Thunderbird is the Snap ({} is there): it starts programs only through a portal of the \
             desktop, which asks once; recent versions may work, but this was not tested{system}",
            trace.display()
        )
    });
    let of_flatpak = platform.flatpak.as_deref().map(|trace| {
        format!(
            "if your Thunderbird is the Flatpak ({} is there): it starts no program outside its sandbox, so the \
             extension cannot work unless a portal of the desktop starts it (preference \
             widget.use-xdg-desktop-portal.native-messaging, not tested); use the Thunderbird of your distribution or of \
             thunderbird.net",
            trace.display()
        )
    });
    warnings_of_program(platform, scope)
        .into_iter()
        .chain(of_snap)
        .chain(of_flatpak)
        .collect()
}

/// What may keep other programs from starting this one.
pub(super) fn warnings_of_program(platform: &Platform, scope: Scope) -> Vec<String> {
    let of_sudo = (scope == Scope::User && platform.through_sudo).then(|| {
        format!(
            "this is for root, whose home is {}; run it without sudo for yourself, or with --system for everybody",
            platform.home.display()
        )
    });
    warnings_of_place(platform, scope).into_iter().chain(of_sudo).collect()
}

/// Warns of a program that may be deleted soon, or that other users cannot start.
fn warnings_of_place(platform: &Platform, scope: Scope) -> Option<String> {
    let system = platform.system;
    let binary = &platform.binary;
    let shown = binary.display();
    if is_built_in_place(system, binary) {
        Some(format!(
            "{shown} is in a folder of builds and goes with it; put the program into a lasting place, as `cargo \
             install` does, and install again from there"
        ))
    } else if system.is_below(binary, &platform.temporary) {
        Some(format!(
            "{shown} is in the folder for temporary files and goes with it; put the program into a lasting place, and \
             install again from there"
        ))
    } else if scope == Scope::System && lies_in_a_home(platform) {
        let place = match system {
            System::Linux | System::MacOs => "/usr/local/bin",
            System::Windows => r"C:\Program Files\MISPigeon",
        };
        Some(format!(
            "{shown} is in a home folder, where other users cannot start it; put the program into {place} or the like, \
             and install again from there"
        ))
    } else {
        None
    }
}

/// Whether cargo built it there: `target/debug/NAME` or `target/TRIPLE/release/NAME`.
fn is_built_in_place(system: System, binary: &Path) -> bool {
    let mut folders = system.parts(binary).rev().skip(1);
    let profile = folders.next();
    matches!(profile.as_deref(), Some("debug" | "release")) && folders.take(2).any(|folder| folder == "target")
}

fn lies_in_a_home(platform: &Platform) -> bool {
    let homes = [
        &*platform.home,
        Path::new("/home"),
        Path::new("/root"),
        Path::new("/Users"),
        Path::new(r"C:\Users"),
    ];
    homes
        .iter()
        .any(|home| platform.system.is_below(&platform.binary, home))
}

/// The URL of a file, for an enterprise policy.
fn file_url(system: System, path: &Path) -> String {
    let path = path.to_string_lossy();
    match system {
        System::Linux | System::MacOs => format!("file://{}", path.replace(' ', "%20")),
        System::Windows => format!("file:///{}", path.replace('\\', "/").replace(' ', "%20")),
    }
}
