//! Facts about reading, merging and showing the configuration.

use std::fmt::Write;
use std::path::Path;

use super::value::Value;
use super::{Config, ConfigError, KeySource, Settings, layer, render_effective, render_sample, schema};
use crate::domain::{Mode, Target};

fn parse(source: &str) -> Result<Config, ConfigError> {
    Config::parse(Path::new("config.toml"), source)
}

fn settings(source: &str, profile: Option<&str>) -> Settings {
    parse(&format!("data_dir = \"/data\"\n{source}"))
        .unwrap()
        .profile(profile)
        .unwrap()
}

#[test]
fn a_fault_names_file_line_and_what_would_be_right() {
    for (source, message) in [
        (
            "[event]\nprefx = 'x'",
            "config.toml:2: unknown key `event.prefx`; did you mean `event.prefix`?",
        ),
        (
            "\n[evnt]\nprefix = 'x'",
            "config.toml:2: unknown key `evnt`; did you mean `event`?",
        ),
        (
            "distribution = 1",
            "config.toml:1: unknown key `distribution`; did you mean `event.distribution`?",
        ),
        ("[misp]\nzzz = 1", "config.toml:2: unknown key `misp.zzz`"),
        (
            "[event]\ndistribution = 9",
            "config.toml:2: `event.distribution` is 9; allowed: a whole number from 0 to 4",
        ),
        (
            "[event]\npublish = 'yes'",
            "config.toml:2: `event.publish` is \"yes\"; allowed: true or false",
        ),
        (
            "[mail]\nmode = 'spam'",
            "config.toml:2: `mail.mode` is \"spam\"; allowed: auto, report, sample, carrier",
        ),
        ("event = 3", "config.toml:1: `event` is 3; allowed: a table [event]"),
        (
            "[misp]\nurl = 'misp'",
            "config.toml:2: `misp.url` is \"misp\"; allowed: the address of a server, such as https://misp.example.org",
        ),
        ("[hosts]\nown = ['http://a/']", "not \"http://a/\""),
        (
            "[text]\nsubject_remove = ['(?=x)']",
            "config.toml:2: `text.subject_remove` is array; allowed: a regular expression",
        ),
        (
            "[dns]\nname_servers = ['a.b']",
            "an IP address with or without port, not \"a.b\"",
        ),
        ("[tlp]\ndefault = 'amber'", "allowed: tlp:white, tlp:clear, tlp:green"),
        (
            "[profile.x.event]\nprefx = 'x'",
            "config.toml:2: unknown key `event.prefx`; did you mean `event.prefix`?",
        ),
        (
            "[profile.x]\ndata_dir = '/x'",
            "config.toml:2: `data_dir` is \"/x\"; allowed: at the top of the file",
        ),
        ("a = = 2", "config.toml:1: not TOML"),
        (
            "[misp]\nkey = ''",
            "config.toml:2: `misp.key` is text; allowed: a text that is not empty",
        ),
    ] {
        let shown = parse(source).unwrap_err().to_string();
        assert!(shown.contains(message), "{source:?}: {shown}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let shown = parse("[event]\na = 1\npublish = 2\n[zzz]\n").unwrap_err().to_string();
    assert_eq!(shown.lines().count(), 3, "{shown}");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    for (source, message) in [
        ("destination = 'misp'", "`misp.url` is not set"),
        ("[event]\ndistribution = 4", "`event.sharing_group` is not set"),
        ("[misp]\nkey = 'a'\nkey_env = 'B'", "only one of misp.key"),
    ] {
        let shown = parse(source).unwrap().profile(None).unwrap_err().to_string();
        assert!(shown.contains(message), "{source:?}: {shown}");
    }
}

#[test]
fn a_profile_lies_over_the_rest() {
    let source = "[event]\nprefix = 'A'\ntags = ['x']\n[tags.by_subject]\na = ['1']\nb = ['2']\n\
                  [profile.trap.mail]\nmode = 'sample'\n[profile.trap.event]\nprefix = 'B'\n\
                  [profile.trap.tags.by_subject]\nb = ['3']\n";
    let base = settings(source, None);
    let trap = settings(source, Some("trap"));
    assert_eq!((base.event.prefix.as_str(), base.mail.mode), ("A", Mode::Auto));
    assert_eq!((trap.event.prefix.as_str(), trap.mail.mode), ("B", Mode::Sample));
    assert_eq!(trap.event.tags, ["x"]);
    let map = [
        ("a".to_owned(), vec!["1".to_owned()]),
        ("b".to_owned(), vec!["3".to_owned()]),
    ];
    assert_eq!(trap.tags.by_subject, map);
    let unknown = parse(source).unwrap().profile(Some("tap")).unwrap_err().to_string();
    assert_eq!(unknown, "there is no profile `tap`; known: trap");
}

#[test]
fn a_key_never_goes_to_the_server_of_another_profile() {
    let base = "[misp]\nurl = 'https://a'\nkey = 'secret-of-a'\n";
    let other = format!("{base}[profile.b.misp]\nurl = 'https://b'\n");
    let shown = parse(&other).unwrap().profile(Some("b")).unwrap_err().to_string();
    assert!(
        shown.contains("no key of its own") && !shown.contains("secret-of-a"),
        "{shown}"
    );
    let own = settings(
        &format!("{base}[profile.b.misp]\nurl = 'https://b'\nkey_env = 'KEY_B'\n"),
        Some("b"),
    );
    assert_eq!(own.misp.key_source(), Some(KeySource::Environment("KEY_B".into())));
    let same = settings(&format!("{base}[profile.b.event]\nprefix = 'B'\n"), Some("b"));
    assert!(matches!(same.misp.key_source(), Some(KeySource::Inline(_))));
}

#[test]
fn the_environment_goes_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.toml");
    std::fs::write(
        &path,
        "data_dir = '/file'\n[misp]\nurl = 'https://file'\nkey_env = 'X'\n",
    )
    .unwrap();
    let variables = |name: &str| {
        Some(match name {
            "MISPIGEON_CONFIG" => path.display().to_string(),
            "MISPIGEON_MISP_URL" => "https://env/".into(),
            "MISPIGEON_MISP_KEY" => "sesame".into(),
            "MISPIGEON_DATA_DIR" => "/env".into(),
            _ => return None,
        })
    };
    let config = Config::load_with(None, &variables).unwrap();
    let settings = config.profile(None).unwrap();
    assert_eq!(settings.misp.url.as_deref(), Some("https://env"));
    assert_eq!(settings.misp.key_source().unwrap().read().unwrap().expose(), "sesame");
    assert_eq!(settings.paths.state_db, Path::new("/env/state.db"));
    assert_eq!(settings.destination, Target::Misp);
    let bad = Config::load_with(Some(&path), &|name| {
        (name == "MISPIGEON_MISP_URL").then(|| "nonsense".into())
    });
    assert!(bad.unwrap_err().to_string().contains("MISPIGEON_MISP_URL"));
}

#[test]
fn a_named_file_must_exist() {
    let error = Config::load_with(Some(Path::new("/nowhere/c.toml")), &|_| None)
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("cannot read /nowhere/c.toml"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_with_a_key_that_others_can_read_is_refused_with_the_command_to_run() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my config.toml");
    let with_mode = |content: &str, mode: u32| {
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Config::load_with(Some(&path), &|_| None)
    };
    let refused = with_mode("[profile.a.misp]\nkey = 'k'\n", 0o640)
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("mode 640") && refused.contains("chmod 600 '"),
        "{refused}"
    );
    assert!(with_mode("[misp]\nkey = 'k'\n", 0o600).is_ok());
    assert!(with_mode("[misp]\nurl = 'https://a'\n", 0o644).is_ok());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(
        KeySource::File(path.clone()).read(),
        Err(ConfigError::Exposed { .. })
    ));
}

#[cfg(unix)]
#[test]
fn the_key_comes_from_where_the_configuration_says() {
    let command = |words: &[&str]| KeySource::Command(words.iter().map(|&word| word.to_owned()).collect()).read();
    assert_eq!(command(&["printf", "key\\nuser: me\\n"]).unwrap().expose(), "key");
    assert!(command(&["false"]).is_err());
    assert!(command(&["true"]).unwrap_err().to_string().contains("empty"));
    assert!(command(&["/nowhere/program"]).is_err());
    assert!(
        KeySource::Environment("MISPIGEON_NOT_SET_ANYWHERE".into())
            .read()
            .is_err()
    );
}

#[test]
fn the_sample_names_every_key_and_never_lies() {
    let sample = render_sample();
    assert!(
        parse(&sample).unwrap().profile(None).is_ok(),
        "the sample as it is must load"
    );
    let is_setting = |line: &&str| line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
    let uncommented: String = sample
        .lines()
        .map(|line| if is_setting(&line) { &line[1..] } else { line }.to_owned() + "\n")
        .collect();
    let layers = layer::read(Path::new("sample"), &uncommented).unwrap();
    for setting in schema::settings() {
        let shown = layers
            .base
            .get(setting.key)
            .unwrap_or_else(|| panic!("{} is not in the sample", setting.key));
        match &setting.preset {
            None => {}
            Some(Value::Map(map)) => assert!(map.is_empty()),
            default => assert_eq!(default.as_ref(), Some(&shown.value), "{}", setting.key),
        }
        assert!(!setting.says.is_empty());
        assert!(sample.contains(&format!("# {}", setting.says.lines().next().unwrap())));
    }
    let long: Vec<&str> = sample.lines().filter(|line| line.len() > 130).collect();
    assert!(long.is_empty(), "lines of the sample fit a screen: {long:#?}");
}

#[test]
fn every_default_is_of_its_shape_and_is_what_the_settings_hold() {
    for setting in schema::settings() {
        let Some(value) = &setting.preset else { continue };
        assert_eq!(
            setting.checked(Some(value.clone())).as_ref(),
            Ok(value),
            "{}",
            setting.key
        );
    }
    let settings = settings("", None);
    assert_eq!(settings.destination, Target::Feed);
    assert_eq!(
        (
            settings.event.distribution,
            settings.event.threat_level,
            settings.event.analysis
        ),
        (0, 4, 0)
    );
    assert_eq!((settings.mail.max_size, settings.mail.depth), (256 << 20, 10));
    assert_eq!(settings.tlp.default.tag(), "tlp:amber");
    assert!(settings.misp.verify && settings.event.report && settings.warninglists.enforce);
    assert!(!settings.dns.enabled && !settings.event.publish && !settings.sightings.enabled);
    assert_eq!(
        (settings.misp.timeout.as_secs(), settings.dns.timeout.as_secs()),
        (60, 3)
    );
    assert_eq!(settings.paths.feed, Path::new("/data/feed"));
    assert_eq!(settings.feed.org_uuid, None);
    assert!(settings.directives.key.is_none());
}

#[test]
fn what_is_in_effect_shows_origins_and_no_secret() {
    let source = "[misp]\nurl = 'https://a'\nkey = 'open-sesame'\n[directives]\nkey = 'very-hidden'\n";
    let settings = settings(source, None);
    let shown = render_effective(&settings);
    assert!(shown.contains("key = \"***\"  # line 4"), "{shown}");
    assert!(shown.contains("prefix = \"M2M\"\n"), "{shown}");
    for secret in ["open-sesame", "very-hidden"] {
        assert!(!shown.contains(secret));
        assert!(!format!("{settings:?}").contains(secret), "Debug shows {secret}");
    }
    assert!(parse(&shown).is_ok(), "{shown}");
}

#[test]
fn check_tries_every_profile_and_tells_what_is_risky() {
    let config = parse("data_dir = '/d'\n[profile.x.misp]\nurl = 'http://a'\nverify = false\n").unwrap();
    let notes = config.check().unwrap();
    assert!(
        notes.iter().any(|note| note == "profile x: http://a: no key is set"),
        "{notes:?}"
    );
    assert!(notes.iter().any(|note| note.contains("verify is off")), "{notes:?}");
    assert!(parse("[profile.x.event]\ndistribution = 4\n").unwrap().check().is_err());
}

/// `docs/settings.md`: all settings with default and meaning.
fn settings_page() -> String {
    let mut page = String::from(
        "# Settings\n\nMade from the declarations in `src/config/schema.rs` by `MISPIGEON_UPDATE_SETTINGS=1 cargo test settings_page`.\n\
         `mispigeon config init` writes a file that holds all of them with the values that each allows.\n",
    );
    let mut section = None;
    for setting in schema::settings() {
        let (of, _) = setting.split();
        if section.replace(of) != Some(of) {
            let about = schema::section_says(of).replace('\n', " ");
            let title = if of.is_empty() {
                "## At the top of the file".to_owned()
            } else {
                format!("## `[{of}]`\n\n{about}")
            };
            write!(
                page,
                "\n{title}\n\n| setting | default | what it does |\n| --- | --- | --- |\n"
            )
            .unwrap();
        }
        let default = match &setting.preset {
            None => String::new(),
            Some(Value::Words(words)) if words.len() > 3 => format!("{} entries, see `config init`", words.len()),
            Some(value) => format!("`{}`", value.shown()),
        };
        let says = setting.says.replace('\n', " ").replace('|', "\\|");
        writeln!(page, "| `{}` | {default} | {says} |", setting.key).unwrap();
    }
    page
}

#[test]
fn the_settings_page_tells_every_setting_with_its_default() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    if std::env::var_os("MISPIGEON_UPDATE_SETTINGS").is_some() {
        std::fs::write(&path, settings_page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), settings_page());
}

#[test]
fn a_user_adds_rewriters_and_words_of_forwards_and_is_told_what_is_wrong() {
    let source =
        "[mail.forward_words]\nFrom = ['Lähettäjä']\n[text]\nrewriters = ['links.corp.example /go query:to hex']";
    let settings = settings(source, None);
    let label = settings.mail.forward_words.meaning("lähettäjä", |words| &words.labels);
    assert_eq!(label, Some("From"));
    assert_eq!(settings.text.rewriters[0].host, "links.corp.example");
    for (source, wrong) in [
        (
            "[mail.forward_words]\nSent-By = ['x']",
            "\"Sent-By\" is none of Attachments, Bcc",
        ),
        (
            "[text]\nrewriters = ['links.corp.example /go query:to rot13']",
            "none of plain, percent",
        ),
    ] {
        let error = parse(source).unwrap_err().to_string();
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn a_wrong_rule_is_named_with_its_key() {
    for (rule, wrong) in [
        (
            "mode = 'carrier'\ntags = ['x']",
            "c:4: `rules.2.mode` is \"carrier\"; allowed: report, sample",
        ),
        (
            "threat_level = 9",
            "c:4: `rules.2.threat_level` is 9; allowed: a whole number from 1 to 4",
        ),
        (
            "distribution = 1.5",
            "c:4: `rules.2.distribution` is float; allowed: a whole number from 0 to 4",
        ),
        (
            "publish = true",
            "c:4: `rules.2.publish` is true; allowed: false; a rule can",
        ),
        (
            "sendr = ['x']",
            "c:4: unknown key `rules.2.sendr`; did you mean `sender`?",
        ),
        (
            "subject = ['']\ntitle = 'x'",
            "c:4: `rules.2.subject` is array; allowed: a list of texts, none",
        ),
        ("found = ['urll']\ntitle = 'x'", "not \"urll\""),
        ("sender = ['a b']\ntitle = 'x'", "not \"a b\""),
        ("mode = 'sample'", "c:3: `rules.2` is table; allowed: one of title"),
        ("distribution = 4", "`distribution` of a rule is 4"),
    ] {
        let source = format!("[[rules]]\ntags = ['x']\n[[rules]]\n{rule}\n");
        let config = Config::parse(Path::new("c"), &source);
        let error = config
            .and_then(|config| config.profile(None).map(drop))
            .unwrap_err()
            .to_string();
        assert!(error.contains(wrong), "{error}");
    }
    let shown = render_effective(&settings("[[rules]]\nsubject = ['a']\nthreat_level = 1\n", None));
    assert!(
        shown.contains("rules = [{ subject = [\"a\"], threat_level = 1 }]"),
        "{shown}"
    );
}

#[cfg(unix)]
#[test]
fn a_configuration_that_everybody_can_change_is_not_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "[mail]\nmode = \"report\"\n").unwrap();
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let load = || Config::load_with(Some(&path), &|_| None);
    set(&path, 0o664);
    assert!(load().is_ok(), "the group of a user is its own");
    set(&path, 0o666);
    assert!(matches!(load(), Err(ConfigError::Untrusted { .. })));
    set(&path, 0o600);
    set(folder.path(), 0o777);
    let error = load().err().unwrap().to_string();
    assert!(
        error.contains("is not read, because others may put another file in its place"),
        "{error}"
    );
}
