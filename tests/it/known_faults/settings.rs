//! Settings and options that had no effect, or a wrong one (37-43).

use mispigeon::config::Settings;
use mispigeon::config::import::import;
use mispigeon::domain::Mode;

use super::{configured, drafts_with, objects, related, report, sent};
use crate::program::Home;

const TEXT: &str = "https://login.evil-bank.com/a and 45.155.204.17 and CVE-2024-3094";

/// The settings that an imported Python module means.
fn imported(python: &str) -> Settings {
    configured(&import(python, None).toml)
}

#[test]
fn dns_is_on_when_it_is_switched_on() {
    // 37
    assert!(!Settings::default().dns.enabled);
    assert!(configured("[dns]\nenabled = true\n").dns.enabled);
    assert!(imported("enable_dns = True\n").dns.enabled);
}

#[test]
fn urls_only_is_what_the_option_says_and_an_event_is_no_such_option() {
    // 38
    let home = Home::new();
    let run = |arguments: &[&str]| {
        let mut all = vec!["send", "--dry-run"];
        all.extend(arguments);
        let event = home.run_with_input(&all, report(TEXT).as_bytes()).ok().json().remove(0);
        let attributes = event["Event"]["Attribute"].as_array().unwrap().clone();
        attributes
            .iter()
            .map(|one| one["type"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(run(&["--urls-only"]), ["url"]);
    assert_eq!(run(&["--event", "7"]), run(&[]));
    assert!(run(&[]).len() > 3);
}

#[test]
fn free_text_import_is_a_setting() {
    // 39: it passed an object instead of a text. Tests with the MISP double check the requests to the server.
    assert!(!Settings::default().misp.freetext);
    assert!(imported("freetext = True\n").misp.freetext);
}

#[test]
fn the_original_is_attached_when_asked_for_and_only_then() {
    // 40; issue 34 of mail_to_misp: it attached files at random.
    for attach in [true, false] {
        let settings = imported(&format!(
            "attach_original_mail = {}\n",
            if attach { "True" } else { "False" }
        ));
        let draft = drafts_with(report(TEXT), Mode::Sample, &settings).remove(0);
        assert_eq!(related(objects(&draft, "email")[0], "eml").len(), usize::from(attach));
    }
}

#[test]
fn settings_are_read_or_refused() {
    // 41
    let home = Home::new();
    home.write("config.toml", "[dns]\nname_server = [\"192.0.2.53\"]\n");
    let run = home.run_with_input(&["extract"], b"");
    assert_eq!(run.code, 78);
    assert!(run.err.contains("name_servers"), "{}", run.err);
    assert_eq!(imported("nameservers = ['192.0.2.53']\n").dns.name_servers.len(), 1);
}

#[test]
fn an_internal_host_given_as_a_string_is_that_host() {
    // 41: `in` of a string is true for any piece of it.
    let settings = imported("internallist = 'wiki.evil-bank.com'\n");
    let text = "https://wiki.evil-bank.com/page and https://bank.com/page";
    let draft = drafts_with(report(text), Mode::Report, &settings).remove(0);
    assert!(
        sent(&draft).contains("link=https://wiki.evil-bank.com/page"),
        "{:?}",
        sent(&draft)
    );
    assert!(sent(&draft).contains("url=https://bank.com/page"), "{:?}", sent(&draft));
}

#[test]
fn what_an_import_cannot_carry_over_is_said() {
    // 42, 43: a TLS context that it never used, a program that does not exist.
    let report = import(
        "ssl = True\nbinpath = 'mail_to_misp_forward.py'\nskip_item_on_warninglist = True\nno_such_thing = 1\n",
        None,
    )
    .report;
    for name in ["ssl", "binpath", "skip_item_on_warninglist", "no_such_thing"] {
        let became = report
            .iter()
            .find(|(_, one, _)| one == name)
            .map(|(_, _, became)| became.as_str());
        assert!(became.is_some_and(|became| !became.is_empty()), "{name}: {report:#?}");
    }
}
