//! `install` and `uninstall` of the real program, in a home and a file system of its own; the files inside the binary; and
//! the templates in `manifests/`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use mispigeon::config::Config;
use mispigeon::install::{FILTER_ACTION_ID, XPI, XPI_FILTER_ACTION, render_host_manifest};
use mispigeon::native::EXTENSION_ID;
use serde_json::Value;

use crate::program::Home;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mispigeon");

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Names of the files below a folder, with `/` between their parts.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry
                .path()
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn the_program_carries_the_extension_of_its_own_version() {
    let mut archive = zip::ZipArchive::new(Cursor::new(XPI)).unwrap();
    let mut manifest = String::new();
    archive
        .by_name("manifest.json")
        .unwrap()
        .read_to_string(&mut manifest)
        .unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["browser_specific_settings"]["gecko"]["id"], EXTENSION_ID);
}

#[test]
fn the_extension_is_packed_with_the_wordings_of_all_codes() {
    let codes = include_str!("../../protocol/codes.json");
    let codes: serde_json::Map<String, Value> = serde_json::from_str(codes).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(XPI)).unwrap();
    for language in ["en", "de", "fr"] {
        let file = archive.by_name(&format!("_locales/{language}/messages.json")).unwrap();
        let messages: Value = serde_json::from_reader(file).unwrap();
        assert!(messages["manifest_description"]["message"].is_string());
        for (code, row) in codes.values().flat_map(|group| group.as_object().unwrap()) {
            assert_eq!(
                messages[format!("said_{code}")]["message"],
                row[language],
                "{code} in {language}"
            );
        }
    }
}

#[test]
fn the_extension_is_packed_whole_and_the_same_on_every_machine() {
    let mut archive = zip::ZipArchive::new(Cursor::new(XPI)).unwrap();
    let mut packed = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        assert_eq!(file.last_modified(), Some(zip::DateTime::default()), "{name}");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        packed.push((name, bytes));
    }
    let is_shipped = |name: &str| !name.split('/').any(|part| part.starts_with('.') || part.ends_with('~'));
    let sources = files(&source("extension/src")).into_iter();
    let sources: Vec<_> = sources.filter(|(name, _)| is_shipped(name)).collect();
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&packed), names(&sources));
    let differing: Vec<_> = packed
        .iter()
        .zip(&sources)
        .filter(|(one, other)| one != other && !one.0.ends_with("/messages.json"))
        .map(|(one, _)| &one.0)
        .collect();
    assert!(differing.is_empty(), "packed otherwise than they are: {differing:?}");
}

#[test]
fn install_puts_manifest_and_extension_where_thunderbird_and_its_user_find_them() {
    let home = Home::new();
    let run = home.run(&["install", "thunderbird"]).ok();
    let manifest = home.path().join(".mozilla/native-messaging-hosts/mispigeon.json");
    let xpi = home.path().join(".local/share/mispigeon/mispigeon.xpi");
    assert_eq!(
        run.out,
        format!(
            "wrote {xpi}\nwrote {manifest}\n\nOne step remains, unless Thunderbird has MISPigeon {version} already: in \
             Thunderbird open \"Add-ons and Themes\", click the gear beside \"Manage Your Extensions\", choose \
             \"Install Add-on From File…\", and paste this path:\n\n    {xpi}\n",
            xpi = xpi.display(),
            manifest = manifest.display(),
            version = env!("CARGO_PKG_VERSION"),
        )
    );
    assert!(run.err.contains("folder of builds"), "{}", run.err);
    assert_eq!(json(&manifest)["path"], PROGRAM);
    assert_eq!(fs::read(&xpi).unwrap(), XPI);
}

#[test]
fn a_dry_run_of_install_touches_nothing() {
    let home = Home::new();
    let run = home.run(&["install", "thunderbird", "--dry-run"]).ok();
    assert_eq!(run.out.matches("would write").count(), 2, "{}", run.out);
    assert_eq!(files(home.path()).len(), 0);
}

#[test]
fn install_again_is_harmless_and_uninstall_leaves_no_file() {
    let home = Home::new();
    home.run(&["install", "thunderbird"]).ok();
    let installed = files(home.path());
    let again = home.run(&["install", "thunderbird"]).ok();
    assert_eq!(again.out.matches("already in place").count(), 2, "{}", again.out);
    assert_eq!(files(home.path()), installed);
    let gone = home.run(&["uninstall", "thunderbird"]).ok();
    assert_eq!(gone.out.matches("removed ").count(), 2, "{}", gone.out);
    assert_eq!(files(home.path()).len(), 0);
    let again = home.run(&["uninstall", "thunderbird"]).ok();
    assert_eq!(again.out.matches("not there: ").count(), 3, "{}", again.out);
}

#[test]
fn the_filter_action_comes_and_goes_with_the_extension() {
    let home = Home::new();
    let run = home.run(&["install", "thunderbird", "--filter-action"]).ok();
    let companion = home.path().join(".local/share/mispigeon/mispigeon-filter.xpi");
    let paths = format!(
        "\n    {}\n    {}\n",
        companion.with_file_name("mispigeon.xpi").display(),
        companion.display()
    );
    assert!(run.out.ends_with(&paths), "{}", run.out);
    assert_eq!(fs::read(&companion).unwrap(), XPI_FILTER_ACTION);
    let mut archive = zip::ZipArchive::new(Cursor::new(XPI_FILTER_ACTION)).unwrap();
    let manifest: Value = serde_json::from_reader(archive.by_name("manifest.json").unwrap()).unwrap();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["browser_specific_settings"]["gecko"]["id"], FILTER_ACTION_ID);
    home.run(&["uninstall", "thunderbird"]).ok();
    assert_eq!(files(home.path()).len(), 0);
}

#[test]
fn a_manifest_of_another_program_is_left_alone() {
    let home = Home::new();
    let foreign = render_host_manifest(Path::new("/opt/other")).replace(EXTENSION_ID, "other@example.org");
    let path = home.write(".mozilla/native-messaging-hosts/mispigeon.json", &foreign);
    let run = home.run(&["install", "thunderbird"]);
    assert_eq!(run.code, 73);
    assert!(
        run.err.contains(path.to_str().unwrap()) && run.err.contains("move it away"),
        "{}",
        run.err
    );
    let run = home.run(&["uninstall", "thunderbird"]).ok();
    assert!(run.out.contains(&format!("left {}", path.display())), "{}", run.out);
    assert_eq!(
        files(home.path()).into_values().collect::<Vec<_>>(),
        [foreign.into_bytes()]
    );
}

/// Lists the files after each call. Changes below `/usr/lib` and `/usr/share` are visible to this process only; the umask is
/// that of a careful administrator.
const SYSTEM_WIDE: &str = r#"
set -eu
umask 077
mount -t tmpfs tmpfs "$SCRATCH"
for name in lib share; do
    mkdir -p "$SCRATCH/$name/upper" "$SCRATCH/$name/work"
    chmod 755 "$SCRATCH/$name/upper"
    layers="lowerdir=/usr/$name,upperdir=$SCRATCH/$name/upper,workdir=$SCRATCH/$name/work"
    mount -t overlay overlay -o "$layers" "/usr/$name"
done
echo ready
list() { find "$SCRATCH"/*/upper -mindepth 1 -printf '%m %y %P\n' | sort; }
"$PROGRAM" install thunderbird --system
echo "--- installed"
list
cat /usr/lib/mozilla/native-messaging-hosts/mispigeon.json
"$PROGRAM" install thunderbird --system
"$PROGRAM" uninstall thunderbird --system
echo "--- uninstalled"
list | grep ' f ' || true
"#;

#[test]
fn a_system_wide_installation_can_be_read_by_everybody_and_removed_again() {
    let (home, scratch) = (Home::new(), tempfile::tempdir().unwrap());
    let Some(out) = home.in_own_file_system(scratch.path(), SYSTEM_WIDE) else {
        return;
    };
    let (_, out) = out.split_once("--- installed\n").unwrap();
    let (installed, rest) = out.split_once("{\n").unwrap();
    let extension = "mozilla/extensions/{3550f703-e582-4d05-9a08-453d09bdfdc6}/mispigeon@mispigeon.org.xpi";
    for file in [extension, "mozilla/native-messaging-hosts/mispigeon.json"] {
        assert!(installed.contains(&format!("644 f {file}\n")), "{installed}");
    }
    assert!(
        installed
            .lines()
            .all(|line| line.starts_with("644 f") || line.starts_with("755 d")),
        "{installed}"
    );
    assert!(rest.contains(PROGRAM), "{rest}");
    assert_eq!(rest.matches("already in place: ").count(), 2, "{rest}");
    assert_eq!(rest.matches("removed ").count(), 2, "{rest}");
    assert!(rest.ends_with("--- uninstalled\n"), "{rest}");
    assert_eq!(files(home.path()).len(), 0);
}

#[test]
fn the_templates_are_what_the_program_writes() {
    let programs = [
        ("linux", "/usr/bin/mispigeon"),
        ("macos", "/usr/local/bin/mispigeon"),
        ("windows", r"C:\Program Files\MISPigeon\mispigeon.exe"),
    ];
    for (system, program) in programs {
        let template = source(&format!("manifests/native-messaging/{system}/mispigeon.json"));
        assert_eq!(
            fs::read_to_string(template).unwrap(),
            render_host_manifest(Path::new(program)),
            "{system}"
        );
    }
}

#[test]
fn the_policy_example_installs_and_presets_our_extension() {
    let policies = &json(&source("manifests/policies/policies.json"))["policies"];
    assert_eq!(
        policies["ExtensionSettings"][EXTENSION_ID]["installation_mode"],
        "force_installed"
    );
    let preset = &policies["3rdparty"]["Extensions"][EXTENSION_ID];
    let known = fs::read_to_string(source("extension/src/shared/preferences.js")).unwrap();
    for name in preset.as_object().unwrap().keys().filter(|name| *name != "settings") {
        assert!(known.contains(&format!("{name}:")), "{name}");
    }
    let lines: Vec<String> = preset["settings"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    let settings = lines.join("\n");
    let config = Config::parse(Path::new("policies.json"), &settings).unwrap();
    config.profile(None).unwrap();
    assert!(
        !settings.contains("key"),
        "a policy can be read by everybody: {settings}"
    );
}
