//! Finds our extension in Thunderbird's profiles: `profiles.ini` names them, and each has an `extensions.json` with
//! what is installed. Reads a limited number of bytes. A file that cannot be read counts as missing.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::install::{FILTER_ACTION_ID, Platform, System};
use crate::native::EXTENSION_ID;

/// Most profiles that are checked; far more than anybody has.
const MOST: usize = 50;

/// Most bytes of a file. Measured: 60 KB with a dozen extensions.
const LARGEST: u64 = 16 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) folder: PathBuf,
    /// Version of the Thunderbird that used it last.
    pub(super) used_by: Option<String>,
    pub(super) extension: Option<Installed>,
    /// The companion, which adds the filter action.
    pub(super) companion: Option<Installed>,
}

/// One of our extensions in a profile.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Installed {
    pub(super) version: String,
    /// False if it is switched off.
    #[serde(default)]
    pub(super) active: bool,
    /// Thunderbird switched it off itself: it is too new or too old for it, or no ESR.
    #[serde(default, rename = "appDisabled")]
    pub(super) refused: bool,
}

#[derive(Deserialize)]
struct Extensions {
    #[serde(default)]
    addons: Vec<serde_json::Value>,
}

/// The folders in which Thunderbird may keep profiles on this machine.
pub(super) fn folders(platform: &Platform) -> Vec<PathBuf> {
    let home = &platform.home;
    match platform.system {
        System::Linux => [
            ".thunderbird",
            "snap/thunderbird/common/.thunderbird",
            ".var/app/org.mozilla.Thunderbird/.thunderbird",
            ".var/app/org.mozilla.thunderbird/.thunderbird",
        ]
        .map(|folder| home.join(folder))
        .into(),
        System::MacOs => vec![home.join("Library/Thunderbird")],
        System::Windows => directories::BaseDirs::new()
            .map(|base| base.data_dir().join("Thunderbird"))
            .into_iter()
            .collect(),
    }
}

/// Profiles that were used at least once, without duplicates.
pub(super) fn find(folders: &[PathBuf]) -> Vec<Profile> {
    let mut found: Vec<Profile> = Vec::new();
    for folder in folders {
        let Some(ini) = read(&folder.join("profiles.ini")) else {
            continue;
        };
        for profile in named(&ini, folder).take(MOST) {
            if found.iter().any(|known| known.folder == profile) {
                continue;
            }
            let Some(json) = read(&profile.join("extensions.json")) else {
                continue;
            };
            found.push(Profile {
                extension: extension(&json, EXTENSION_ID),
                companion: extension(&json, FILTER_ACTION_ID),
                used_by: read(&profile.join("compatibility.ini")).and_then(|ini| last_version(&ini)),
                folder: profile,
            });
        }
    }
    found
}

fn read(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The folders in the sections `[Profile…]`. With `IsRelative=1` a path begins at the folder of the file, and has `/`
/// on every system.
fn named<'a>(ini: &'a str, folder: &'a Path) -> impl Iterator<Item = PathBuf> + 'a {
    ini.split("\n[").filter_map(move |section| {
        let (name, lines) = section.split_once(']')?;
        name.trim_start_matches(['[', '\u{feff}'])
            .starts_with("Profile")
            .then_some(())?;
        let value = |key: &str| {
            let mut lines = lines.lines().filter_map(|line| line.split_once('='));
            lines
                .find(|(name, _)| name.trim() == key)
                .map(|(_, value)| value.trim())
        };
        let path = value("Path")?;
        Some(if value("IsRelative") == Some("0") {
            PathBuf::from(path)
        } else {
            folder.join(path)
        })
    })
}

/// `153.8.0` of `LastVersion=153.8.0_20261120213735/20261120213735`.
fn last_version(ini: &str) -> Option<String> {
    let line = ini.lines().find_map(|line| line.trim().strip_prefix("LastVersion="))?;
    let version = line.split('_').next()?.trim();
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| version.to_owned())
}

fn extension(json: &str, id: &str) -> Option<Installed> {
    let extensions: Extensions = serde_json::from_str(json).ok()?;
    let ours = extensions
        .addons
        .into_iter()
        .find(|addon| addon.get("id").and_then(serde_json::Value::as_str) == Some(id))?;
    serde_json::from_value(ours).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_named_relative_to_the_file_or_whole() {
        let ini = "[Install4F96D1932A9F858E]\r\nDefault=a.default\r\n\r\n[Profile1]\r\nName=work\r\nIsRelative=0\r\n\
                   Path=/srv/tb/work\r\n\r\n[Profile0]\r\nName=default\r\nIsRelative=1\r\nPath=a.default\r\n\r\n[General]\r\n\
                   StartWithLastProfile=1\r\n";
        let folders: Vec<PathBuf> = named(ini, Path::new("/home/a/.thunderbird")).collect();
        assert_eq!(
            folders,
            [PathBuf::from("/srv/tb/work"), "/home/a/.thunderbird/a.default".into()]
        );
        for broken in ["", "[Profile0", "[Profile0]", "\u{0}[Profile0]\nPath"] {
            assert_eq!(named(broken, Path::new("/x")).count(), 0, "{broken:?}");
        }
    }

    #[test]
    fn the_version_that_used_a_profile_last_is_read() {
        let ini =
            "[Compatibility]\r\nLastVersion=153.8.0_20261120213735/20261120213735\r\nLastOSABI=Linux_x86_64-gcc3\r\n";
        assert_eq!(last_version(ini).as_deref(), Some("153.8.0"));
        for broken in ["", "LastVersion", "LastVersion=", "LastVersion=_x", "Other=153.0_1"] {
            assert_eq!(last_version(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn only_our_extension_counts_and_what_is_broken_is_not_there() {
        let json = r#"{"schemaVersion":37,"addons":[{"id":"other@example.org","version":7},
            {"id":"mispigeon@mispigeon.org","version":"0.0.9","active":true,"userDisabled":false}]}"#;
        let expected = Installed {
            version: "0.0.9".to_owned(),
            active: true,
            refused: false,
        };
        assert_eq!(extension(json, EXTENSION_ID), Some(expected));
        assert_eq!(extension(json, FILTER_ACTION_ID), None);
        for broken in [
            "",
            "[]",
            "{}",
            r#"{"addons":[{"id":"mispigeon@mispigeon.org"}]}"#,
            &json[..50],
        ] {
            assert_eq!(extension(broken, EXTENSION_ID), None, "{broken}");
        }
    }
}
