use super::super::{Action, Node, Role};
use super::*;
use crate::config::TextSettings;
use crate::domain::table;
use crate::indicator::in_text;

/// What of a text is left when the footers are gone.
fn left(text: &str) -> Vec<String> {
    let found = in_text(text, "text/plain", &TextSettings::default());
    let footers = Footers::of(&found);
    let others = found.into_iter().filter(|found| !footers.hold(found));
    others.map(|found| found.value).collect()
}

#[test]
fn every_row_of_the_table_leaves_its_example_out() {
    for row in table::rows("advertising_footers") {
        let rest = row["example"]
            .strip_prefix(&format!("https://{}", row["host"]))
            .unwrap();
        assert!(begins(rest, &row["path"]), "{row:?}");
        assert_eq!(left(&row["example"]), [""; 0], "{row:?}");
    }
}

#[test]
fn links_of_footers_and_hosts_that_stand_only_there_are_no_indicators() {
    for footer in [
        "Virus-free. www.avast.com <https://www.avast.com/sig-email?utm_medium=email&utm_source=link>",
        "Virus-free.www.avast.com https://www.avast.com/sig-email",
        "https://ipmcdn.avast.com/images/icons/icon.png",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
        "Sent from Yahoo Mail on Android: https://go.onelink.me/107872968?pid=InProduct&c=Global",
        "https://mailtrack.io/trace/mail/0a1b.png https://mailtrack.io?utm_source=gmail",
        "checked by ESET. http://www.eset.com/",
        "https://bluemail.me/download/",
    ] {
        assert_eq!(left(footer), [""; 0], "{footer}");
    }
}

#[test]
fn other_paths_of_those_hosts_and_defanged_links_are_indicators() {
    let cases = [
        ("https://aka.ms/evil", "https://aka.ms/evil aka.ms"),
        ("https://aka.ms/o0ukefx", "https://aka.ms/o0ukefx aka.ms"),
        (
            "https://aka.ms/o0ukef https://aka.ms/evil",
            "aka.ms https://aka.ms/evil",
        ),
        (
            "https://www.avast.com.evil.com/sig-email",
            "https://www.avast.com.evil.com/sig-email www.avast.com.evil.com",
        ),
        (
            "https://www.avast.com@evil.com/sig-email",
            "https://www.avast.com@evil.com/sig-email evil.com",
        ),
        ("https://proton.me/x", "https://proton.me/x proton.me"),
        ("hxxps://aka[.]ms/o0ukef", "https://aka.ms/o0ukef aka.ms"),
        ("www.avast.com", "www.avast.com"),
    ];
    for (text, wanted) in cases {
        assert_eq!(left(text).join(" "), wanted, "{text}");
    }
}

#[test]
fn the_receipt_says_why() {
    let settings = crate::config::Settings::default();
    let mail = crate::mail::Mail::default();
    let indicators = in_text("https://aka.ms/o0ukef", "text/plain", &TextSettings::default());
    let case = super::super::Case {
        nodes: vec![Node {
            mail: &mail,
            parent: None,
            role: Role::Report,
            authentication: None,
            signatures: &[],
            contents: &crate::contents::NOTHING,
            indicators,
            left_out: 0,
        }],
        directives: &[],
        overrides: &crate::domain::Overrides::default(),
        recipients: &[],
        knowledge: crate::enrich::Knowledge::default(),
    };
    let plan = super::super::decide(&case, settings.policy(), "2026-01-01", super::super::Detail::Full);
    let skipped = plan.nodes[0].actions.iter();
    assert!(
        skipped
            .clone()
            .all(|action| *action == Action::Skip(crate::domain::Reason::MailProgramFooter))
    );
    assert_eq!(skipped.count(), 2);
}
