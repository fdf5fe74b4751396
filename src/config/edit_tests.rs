//! Facts about changes by a form.

use super::*;

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";

fn changes(json: &str) -> Map<String, Json> {
    serde_json::from_str(json).unwrap()
}

/// A configuration file with this text, in a folder of its own.
fn config(text: &str) -> (tempfile::TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    write_private(&path, text).unwrap();
    (folder, Config::load_with(Some(&path), &|_| None).unwrap())
}

fn edit(text: &str, profile: Option<&str>, json: &str) -> Result<String, EditError> {
    let (_folder, config) = config(text);
    config.with_changes(profile, &changes(json)).map(|(_, text)| text)
}

#[test]
fn comments_and_order_stay() {
    let text =
        "# mine\n[event]\n# low\nthreat_level = 3 # always\nprefix = \"X\"\n\n[misp]\nurl = \"https://a.example\"\n";
    let edited = edit(text, None, r#"{"event.threat_level": 1, "event.publish": true}"#).unwrap();
    let expected = "# mine\n[event]\n# low\nthreat_level = 1 # always\nprefix = \"X\"\npublish = true\n\n[misp]\nurl = \"https://a.example\"\n";
    assert_eq!(edited, expected);
    let removed = edit(text, None, r#"{"event.threat_level": null}"#).unwrap();
    assert!(!removed.contains("threat_level = "), "{removed}");
}

#[test]
fn a_profile_is_made_changed_and_removed() {
    let text = edit(
        "[profile.trap.mail]\nmode = \"sample\"\n",
        Some("new"),
        r#"{"mail.mode": "carrier"}"#,
    );
    let text = text.unwrap();
    let (_folder, config) = config(&text);
    assert_eq!(config.profiles().collect::<Vec<_>>(), ["new", "trap"]);
    let fields = config.fields(Some("new")).unwrap();
    assert_eq!(fields["mail.mode"].origin, "profile");
    assert_eq!(fields["mail.mode"].value, Some(Json::from("carrier")));
    let (config, text) = config.without_profile("new").unwrap();
    assert_eq!(config.profiles().collect::<Vec<_>>(), ["trap"]);
    assert!(!text.contains("new"), "{text}");
    assert!(config.without_profile("new").is_err());
}

#[test]
fn a_new_profile_is_there_before_it_sets_anything() {
    let text = edit("", Some("new"), "{}").unwrap();
    let (_folder, config) = config(&text);
    assert_eq!(config.profiles().collect::<Vec<_>>(), ["new"]);
}

#[test]
fn what_is_written_first_is_the_sample_with_the_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/config.toml");
    let config = Config {
        file: Some(path.clone()),
        ..Config::default()
    };
    let json = format!(r#"{{"misp.url": "https://misp.example", "misp.key": "{KEY}", "destination": "misp"}}"#);
    let (after, text) = config.with_changes(None, &changes(&json)).unwrap();
    after.write(&text).unwrap();
    let read = Config::load_with(Some(&path), &|_| None).unwrap();
    let settings = read.profile(None).unwrap();
    assert_eq!(settings.misp.url.as_deref(), Some("https://misp.example"));
    assert!(text.contains("Configuration of MISPigeon"));
    let fields = read.fields(None).unwrap();
    assert_eq!((fields["misp.key"].set, &fields["misp.key"].value), (Some(true), &None));
    assert!(!format!("{fields:?}").contains(KEY));
}

#[test]
fn a_stored_key_goes_to_no_other_server() {
    let text = format!("[misp]\nurl = \"https://a.example/misp\"\nkey = \"{KEY}\"\n");
    for url in [
        "https://b.example",
        "http://a.example/misp",
        "https://a.example:8443/misp",
    ] {
        let json = format!(r#"{{"misp.url": "{url}"}}"#);
        assert!(matches!(edit(&text, None, &json), Err(EditError::KeyNeeded)), "{url}");
        assert!(
            matches!(
                edit(&text, Some("new"), &json),
                Err(EditError::KeyNeeded | EditError::Config(_))
            ),
            "{url}"
        );
        let with_key = format!(r#"{{"misp.url": "{url}", "misp.key": "other{KEY}"}}"#);
        assert!(edit(&text, None, &with_key).is_ok(), "{url}");
    }
    assert!(edit(&text, None, r#"{"misp.url": "https://a.example"}"#).is_ok());
    let with_profile = format!("{text}[profile.p.misp]\nkey = \"profile{KEY}\"\n");
    let json = format!(r#"{{"misp.url": "https://evil.example", "misp.key": "other{KEY}"}}"#);
    assert!(matches!(edit(&with_profile, None, &json), Err(EditError::KeyNeeded)));
    let inherits = format!("{text}[profile.p.mail]\nmode = \"sample\"\n");
    assert!(edit(&inherits, None, &json).is_ok());
    let without_url = format!("[misp]\nkey = \"{KEY}\"\n");
    let json = r#"{"misp.url": "https://evil.example"}"#;
    assert!(matches!(edit(&without_url, None, json), Err(EditError::KeyNeeded)));
}

#[test]
fn a_new_key_takes_the_place_of_wherever_it_was() {
    let text = "[misp]\nurl = \"https://a.example\"\nkey_file = \"/k\"\n";
    let edited = edit(text, None, &format!(r#"{{"misp.key": " {KEY} "}}"#)).unwrap();
    assert!(
        edited.contains(&format!("key = \"{KEY}\"")) && !edited.contains("key_file"),
        "{edited}"
    );
}

#[test]
fn what_is_refused_names_the_setting() {
    let cases = [
        r#"{"misp.key_command": ["sh"]}"#,
        r#"{"data_dir": "/tmp"}"#,
        r#"{"no.such": 1}"#,
        r#"{"event.threat_level": 9}"#,
        r#"{"event.threat_level": "1"}"#,
        r#"{"event.publish": 1}"#,
        r#"{"misp.url": "ftp://x"}"#,
        r#"{"tlp.default": "tlp:purple"}"#,
        r#"{"text.subject_remove": ["("]}"#,
        r#"{"tags.implied": {"x": ["y"]}}"#,
        r#"{"tags.by_subject": ["x"]}"#,
        r#"{"tags.by_subject": {"x": "y"}}"#,
    ];
    for json in cases {
        let error = edit("", None, json).unwrap_err();
        let named = changes(json).keys().next().unwrap().clone();
        assert!(
            matches!(&error, EditError::Setting { key, .. } if *key == named),
            "{json}: {error}"
        );
    }
    assert!(matches!(
        edit("", None, r#"{"event.distribution": 4}"#),
        Err(EditError::Config(_))
    ));
}

/// Each name for itself, so that a setting that somebody adds or moves is looked at by a person.
#[test]
fn a_form_writes_what_it_may_and_nothing_else() {
    let written: Vec<&str> = schema::settings()
        .filter(|setting| setting.by_form)
        .map(|setting| setting.key)
        .collect();
    let security = include_str!("../../SECURITY.md");
    let (_, list) = security.split_once("These settings, and no others:\n\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let told: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    assert_eq!(written, told);
    for setting in schema::settings().filter(|setting| !setting.by_form) {
        for change in ["null", "1", "true", "\"/tmp/x\"", "[\"9.9.9.9\"]", "{}"] {
            let error = edit("", None, &format!(r#"{{"{}": {change}}}"#, setting.key)).unwrap_err();
            let in_file_only = matches!(&error, EditError::Setting { allowed, .. } if allowed.contains("file only"));
            assert!(in_file_only, "{}: {error}", setting.key);
        }
    }
}

/// What would let a page open doors, read files or believe another server.
#[test]
fn no_form_opens_doors() {
    for key in [
        "data_dir",
        "feed.dir",
        "feed.red",
        "misp.verify",
        "misp.ca_file",
        "misp.pin",
        "misp.client_cert",
        "misp.client_key",
        "misp.key_file",
        "misp.key_command",
        "misp.key_env",
        "dns.name_servers",
        "listen.lmtp",
        "listen.smtp",
        "listen.smtps",
        "listen.name",
        "listen.cert",
        "listen.key",
        "listen.profiles",
        "listen.only_known",
        "directives.key",
        "rules",
    ] {
        let setting = schema::find(key).unwrap();
        assert!(!setting.by_form, "{key}");
    }
    let doors = schema::settings().filter(|setting| setting.shape == "path" || setting.key.starts_with("listen."));
    assert_eq!(doors.filter(|setting| setting.by_form).count(), 0);
}

#[test]
fn a_table_is_written_and_read_back() {
    let table = r#"{"tags.by_subject": {"locky": ["a:b=\"c, d\"", "tlp:red"], "weiß = was": ["x"]}}"#;
    for before in [
        "",
        "[tags]\nby_subject = { old = ['x'] }\n",
        "[tags.by_subject]\nold = ['x']\n",
        "[tags]\nauthentication = true\n",
    ] {
        let text = edit(before, None, table).unwrap();
        let (_folder, config) = config(&text);
        let value = config.fields(None).unwrap()["tags.by_subject"].value.clone();
        assert_eq!(value.as_ref(), changes(table).get("tags.by_subject"), "{text}");
    }
    let text = edit("[tags.by_subject]\nold = ['x']\n", None, r#"{"tags.by_subject": null}"#).unwrap();
    assert!(!text.contains("old"), "{text}");
}

#[test]
fn the_environment_cannot_be_overruled() {
    let (_folder, mut config) = config("");
    config.environment =
        super::super::overlay(&|name| (name == "MISPIGEON_MISP_URL").then(|| "https://env.example".to_owned()))
            .unwrap();
    let error = config
        .with_changes(None, &changes(r#"{"misp.url": "https://a.example"}"#))
        .unwrap_err();
    assert!(
        matches!(
            error,
            EditError::Locked {
                variable: "MISPIGEON_MISP_URL",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(config.fields(None).unwrap()["misp.url"].origin, "environment");
}
