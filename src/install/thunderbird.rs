//! Plans the files for Thunderbird: the host manifest, the extension, and the companion that adds the filter action.
//! Pure: a [`Platform`] gives a [`Plan`].

use std::path::{Path, PathBuf};

use super::{Plan, Platform, Scope, Step, System, XPI, XPI_FILTER_ACTION, advice, host_manifest};
use crate::native::{EXTENSION_ID, NAME};

/// Thunderbird's own id, which names the folder for extensions of all users.
const APPLICATION: &str = "{3550f703-e582-4d05-9a08-453d09bdfdc6}";

/// Id of the companion extension.
pub const FILTER_ACTION_ID: &str = "mispigeon-filter@mispigeon.org";

impl Plan {
    /// Plans for a machine's Thunderbird, with the filter action if `filter_action` is set.
    pub fn thunderbird(platform: &Platform, scope: Scope, filter_action: bool) -> Self {
        let own = extension(platform, scope, NAME, EXTENSION_ID);
        let companion = extension(platform, scope, "mispigeon-filter", FILTER_ACTION_ID);
        let manifests = host_manifests(platform, scope);
        let shown: Vec<&Path> = if filter_action {
            vec![&own, &companion]
        } else {
            vec![&own]
        };
        let after_install = advice::after_install(platform, scope, &shown);
        let text = host_manifest::render(&platform.binary);
        let registry = manifests.first().and_then(|path| registry_key(platform, scope, path));
        let mut steps = vec![Step::Extension { path: own, bytes: XPI }];
        if filter_action {
            steps.push(Step::Extension {
                path: companion,
                bytes: XPI_FILTER_ACTION,
            });
        }
        steps.extend(manifests.into_iter().map(|path| Step::HostManifest {
            path,
            text: text.clone(),
        }));
        steps.extend(registry);
        Self {
            scope,
            steps,
            warnings: advice::warnings(platform, scope),
            after_install,
            after_uninstall: advice::after_uninstall(platform, scope),
        }
    }
}

/// Where Thunderbird finds the extension by itself, else where a person can find it.
fn extension(platform: &Platform, scope: Scope, name: &str, id: &str) -> PathBuf {
    let system = platform.system;
    let file = format!("{name}.xpi");
    match (scope, system) {
        (Scope::User, _) => system.below(&platform.data, &[&file]),
        // Extensions in this folder are active without a prompt. Measured with Thunderbird 153 ESR of Debian.
        (Scope::System, System::Linux) => {
            let file = format!("{id}.xpi");
            system.below(Path::new("/usr/share/mozilla/extensions"), &[APPLICATION, &file])
        }
        (Scope::System, System::MacOs | System::Windows) => system.below(&platform.shared_data, &[&file]),
    }
}

/// Where Thunderbird reads host manifests. For Linux this was measured with 153 ESR of Debian; for the other systems it
/// follows Thunderbird's sources and reports of other projects. On macOS, Firefox reads another folder of the user.
fn host_manifests(platform: &Platform, scope: Scope) -> Vec<PathBuf> {
    let system = platform.system;
    let file = format!("{NAME}.json");
    let below = |folder: &Path, names: &[&str]| vec![system.below(&system.below(folder, names), &[&file])];
    match (system, scope) {
        (System::Linux, Scope::User) => below(&platform.home, &[".mozilla", "native-messaging-hosts"]),
        (System::Linux, Scope::System) => {
            let names = ["mozilla", "native-messaging-hosts"];
            let mut paths = below(Path::new("/usr/lib"), &names);
            if platform.has_lib64 {
                paths.extend(below(Path::new("/usr/lib64"), &names));
            }
            paths
        }
        (System::MacOs, Scope::User) => below(&platform.home, &["Library", "Mozilla", "NativeMessagingHosts"]),
        (System::MacOs, Scope::System) => below(
            Path::new("/Library/Application Support"),
            &["Mozilla", "NativeMessagingHosts"],
        ),
        (System::Windows, Scope::User) => below(&platform.data, &[]),
        (System::Windows, Scope::System) => below(&platform.shared_data, &[]),
    }
}

fn registry_key(platform: &Platform, scope: Scope, manifest: &Path) -> Option<Step> {
    let hive = match scope {
        Scope::User => "HKCU",
        Scope::System => "HKLM",
    };
    (platform.system == System::Windows).then(|| Step::RegistryKey {
        key: format!(r"{hive}\Software\Mozilla\NativeMessagingHosts\{NAME}"),
        manifest: manifest.to_owned(),
    })
}
