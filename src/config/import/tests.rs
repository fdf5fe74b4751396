//! Facts about the import. The modules in `tests/config` are our own.

use std::path::Path;

use super::super::{Config, KeySource, Settings};
use super::{Imported, import};
use crate::domain::Mode;

const FULL: &str = include_str!("../../../tests/config/full.py");

fn settings(imported: &Imported) -> Settings {
    let source = format!("data_dir = '/data'\n{}", imported.toml);
    match Config::parse(Path::new("imported.toml"), &source).and_then(|config| config.profile(None)) {
        Ok(settings) => settings,
        Err(error) => panic!("{error}\n{source}"),
    }
}

fn became(imported: &Imported, name: &str) -> String {
    let found = imported.report.iter().find(|(_, one, _)| one == name);
    found
        .unwrap_or_else(|| panic!("{name} is not in {:#?}", imported.report))
        .2
        .clone()
}

#[test]
fn the_imported_configuration_means_the_same() {
    let imported = import(FULL, None);
    let settings = settings(&imported);
    assert_eq!(settings.misp.url.as_deref(), Some("https://misp.example.org"));
    let Some(KeySource::Inline(key)) = settings.misp.key_source() else {
        panic!("no key")
    };
    assert_eq!(key.expose(), "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd");
    assert_eq!(
        settings.misp.ca_file.as_deref(),
        Some(Path::new("/etc/ssl/private-ca.pem"))
    );
    assert!(settings.misp.verify);
    assert_eq!(settings.mail.mode, Mode::Carrier);
    assert_eq!(
        (
            settings.event.distribution,
            settings.event.threat_level,
            settings.event.analysis
        ),
        (1, 2, 1)
    );
    assert_eq!(settings.event.tags, ["sensor:lab"]);
    assert_eq!(settings.event.prefix, "LAB");
    assert!(settings.event.attach_original && settings.dns.enabled && !settings.attachments.skip_empty);
    assert_eq!(settings.dns.name_servers.len(), 2);
    assert_eq!(settings.directives.benign_keyword, "harmless");
    assert!(settings.hosts.exclude.covers("a.intranet.example") && settings.hosts.exclude.covers("google.example"));
    assert!(settings.hosts.external.covers("reports.example"));
    assert!(settings.hosts.internal.covers("wiki.example.internal") && !settings.hosts.internal.covers("wiki"));
    assert!(settings.hosts.no_ids.covers("ip.example"));
    assert_eq!(settings.text.stop_word.as_deref(), Some("Whois & IP Information"));
    assert_eq!(settings.text.ignore_lines, ["From:", "Sender:"]);
    assert_eq!(settings.text.subject_remove.remove("Re: [x] news (y)").trim(), "news");
    assert_eq!(
        (settings.sightings.enabled, settings.sightings.source.as_str()),
        (true, "lab A ä")
    );
    assert_eq!(settings.tlp.default.tag(), "tlp:amber");
    assert_eq!(settings.tlp.spellings.len(), 3);
    assert_eq!(settings.tags.by_subject[1].1, ["a \"quoted\" 'tag' \\ back"]);
    assert_eq!(
        settings.tags.implied,
        [("tlp:green".to_owned(), vec!["community".to_owned()])]
    );
    assert_eq!(settings.tags.with_hashes, ["look:up"]);
    assert_eq!(settings.mail.forward_markers, ["-------- Passed on --------"]);
}

#[test]
fn the_report_says_of_every_name_what_became_of_it() {
    let imported = import(FULL, None);
    for (name, what) in [
        ("misp_url", "→ misp.url"),
        (
            "m2m_key",
            "→ directives.key; warning: this is the published default key",
        ),
        ("internallist", "it was a plain text"),
        ("excludelist", "=google.com"),
        ("o365_client_id", "Microsoft Graph"),
        ("removelist", "left out, as they cannot be used here: (?<=x)y"),
        (
            "ignorelist",
            "patterns became beginnings of lines; left out, as they are no beginnings: .*(a|b).*",
        ),
        ("tlptags", "left out, as they cannot be used here: tlp:ex:chr"),
        ("vt_key", "does not ask VirusTotal"),
        ("binpath", "not imported: the value is no literal: os …"),
        ("own_name", "not imported: unknown name"),
        ("debug", "not needed"),
        ("spamtrap", "as the default: report"),
    ] {
        let said = became(&imported, name);
        assert!(said.contains(what), "{name}: {said}");
    }
    let line = |name: &str| {
        imported
            .report
            .iter()
            .find(|(_, one, _)| one == name)
            .map(|(line, _, _)| *line)
    };
    assert_eq!(
        (line("misp_url"), line("stopword"), line("own_name")),
        (Some(8), Some(38), Some(60))
    );
    let report = format!("{:?}", imported.report);
    assert!(!report.contains("aaaaaaaaaabbbbbbbbbb"), "the report shows no secret");
    assert!(
        !imported.toml.contains("never run"),
        "what stands in a block is not imported"
    );
}

#[test]
fn the_spamtrap_servers_module_is_told_name_by_name() {
    let imported = import(include_str!("../../../tests/config/fake_smtp.py"), None);
    assert_eq!(imported.report.len(), 7);
    assert!(became(&imported, "smtp_port").contains("listener"));
    assert!(became(&imported, "email_forward").contains("profile"));
    settings(&imported);
}

#[test]
fn what_is_no_literal_is_reported_and_never_guessed() {
    for (source, name, what) in [
        ("misp_url = f'https://{host}'", "misp_url", "formatted text"),
        (
            "email_subject_prefix = b'M2M - '",
            "email_subject_prefix",
            "without the b",
        ),
        ("stopword = 'a' + 'b'", "stopword", "no literal"),
        ("stopword = other", "stopword", "no literal: other"),
        ("excludelist = ('a.b', x)", "excludelist", "no literal"),
        ("excludelist = ('a.b'", "excludelist", "not closed"),
        ("stopword = 'abc", "stopword", "not closed"),
        (
            "tlptag_default = sorted(tlptags.keys())[0]",
            "tlptag_default",
            "not a dict defined above it",
        ),
        (
            "tlptags = {}\ntlptag_default = sorted(tlptags.keys())[0]",
            "tlptag_default",
            "tlptags is empty",
        ),
        (
            "tlptag_default = sorted(tlptags.keys())[1]",
            "tlptag_default",
            "only sorted(NAME.keys())[0]",
        ),
        ("tlptag_default = 'amber'", "tlptag_default", "allowed here: tlp:white"),
        ("default_threat_level = 0", "default_threat_level", "from 1 to 4"),
        (
            "default_distribution = 4",
            "default_distribution",
            "event.sharing_group",
        ),
        ("misp_url = 'YOUR_MISP_URL'", "misp_url", "placeholder"),
        ("spamtrap = 'yes'", "spamtrap", "True or False"),
        (
            "def f():\n    stopword = 'x'",
            "stopword = '…'",
            "no assignment of a literal",
        ),
        ("import os; os.remove('x')", "os . remove ( '…' )", "no assignment"),
        ("misp_key = ['k']", "misp_key", "allowed here"),
        ("debug == 3", "debug = = 3", "no assignment"),
    ] {
        let imported = import(source, None);
        let said = became(&imported, name);
        assert!(said.contains(what), "{source:?}: {said}");
        settings(&imported);
    }
}

#[test]
fn every_way_of_writing_a_text_is_read() {
    for (source, text) in [
        ("'a' \"b\"", "ab"),
        ("('a'\n  'b')", "ab"),
        ("'''a\nb'''", "a\nb"),
        ("r'\\d'", "\\d"),
        ("'\\d'", "\\d"),
        ("'\\x41\\101\\u00e4\\U0001F600'", "AAä😀"),
        ("'it\\'s'", "it's"),
        ("\"\"\"say \"hi\" \"\"\"", "say \"hi\" "),
        ("'a\\\nb'", "ab"),
        ("(('x'))", "x"),
    ] {
        let settings = settings(&import(&format!("sighting_source = {source}"), None));
        assert_eq!(settings.sightings.source, text, "{source}");
    }
}

#[test]
fn no_input_breaks_the_reader() {
    for piece in [
        "(", "[", "{", "'", "'''", "\\", "a=", "\"", "{'a':", "#", "r'", " ", "\n ", "x=1\n", "-", "\u{feff}", "'\\",
    ] {
        let source = format!("stopword = {}", piece.repeat(200_000));
        let _ = import(&source, None);
    }
}

proptest::proptest! {
    #[test]
    fn any_module_gives_a_configuration_that_loads(source in "([a-z_]{1,12} ?= ?)?[\\PC\n]{0,80}") {
        let imported = import(&source, None);
        proptest::prop_assert!(Config::parse(Path::new("x"), &imported.toml).is_ok());
    }

    #[test]
    fn any_text_survives_the_round_trip(text in "[\\x00-\\x7f\u{e4}\u{1F600}]{0,40}") {
        let quoted: Vec<String> = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
        let quoted = quoted.concat();
        let settings = settings(&import(&format!("sighting_source = '{quoted}'"), None));
        proptest::prop_assert_eq!(settings.sightings.source, text);
    }
}

#[test]
fn a_second_configuration_becomes_a_profile() {
    let first = import(FULL, None);
    for name in ["forward", "a.b \"c\""] {
        let second = import(
            "misp_url = 'https://other.example.org'\nmisp_key = 'K'\nspamtrap = True\n",
            Some(name),
        );
        let both = format!("{}\n{}", first.toml, second.toml);
        let config = Config::parse(Path::new("config.toml"), &both).unwrap();
        assert_eq!(config.profiles().collect::<Vec<_>>(), [name]);
        let (own, other) = (config.profile(None).unwrap(), config.profile(Some(name)).unwrap());
        assert_eq!(other.misp.url.as_deref(), Some("https://other.example.org"));
        assert_ne!(own.misp.url, other.misp.url);
        let empty = format!("{}\n{}", first.toml, import("", Some(name)).toml);
        let config = Config::parse(Path::new("config.toml"), &empty).unwrap();
        assert_eq!(config.profile(Some(name)).unwrap().misp.url, own.misp.url);
    }
}
