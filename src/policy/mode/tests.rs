//! Facts about whole mails: what each is taken for, and by which fact.

use super::*;
use crate::config::{MailSettings, TextSettings};
use crate::domain::HostList;
use crate::{indicator, mail};

fn judge_as(raw: &str, own: &[&str]) -> (Mode, Vec<String>) {
    let mail = mail::parse(raw.as_bytes(), &MailSettings::default()).unwrap();
    let hosts = Hosts {
        own: HostList::new(own),
        ..Hosts::default()
    };
    let tlp = Tlp::default();
    let question = Question {
        mail: &mail,
        hosts: &hosts,
        tlp: &tlp,
    };
    let judgement = detect(
        question,
        &indicator::in_mail(&mail, true, &TextSettings::default()).into_vec(),
    );
    let codes = judgement.facts.iter().map(|fact| fact.code.clone().into_owned());
    assert_eq!(judgement.by, By::Detected);
    (judgement.is, codes.collect())
}

fn judge(raw: &str) -> (Mode, Vec<String>) {
    judge_as(raw, &[])
}

fn with_attached(text: &str) -> String {
    format!(
        "From: Ann <ann@corp.example>\nTo: soc@corp.example\nSubject: mail\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n--b\n\
         Content-Type: message/rfc822\n\nFrom: x@evil.example\nSubject: pay\n\nhttp://evil.example/a\n--b--\n"
    )
}

#[test]
fn a_choice_goes_before_the_configuration_and_that_before_the_mail() {
    let by = |chosen, configured| given(chosen, configured).map(|judgement| (judgement.is, judgement.by));
    assert_eq!(by(Mode::Sample, Mode::Report), Some((Mode::Sample, By::Chosen)));
    assert_eq!(by(Mode::Auto, Mode::Report), Some((Mode::Report, By::Configured)));
    assert_eq!(by(Mode::Auto, Mode::Auto), None);
}

#[test]
fn a_mail_is_a_carrier_only_when_its_text_says_nothing() {
    for (text, mode) in [
        ("", Mode::Carrier),
        (
            "Hi team,\n\nplease find attached the phishing mails.\n\nKind regards,\nAlice Miller",
            Mode::Carrier,
        ),
        (
            "Siehe Anhang.\nViele Grüße\nBob\n-- \nBob Example, https://www.example.org, +49 30 1234567",
            Mode::Carrier,
        ),
        ("see also hxxp://evil[.]test/a", Mode::Report),
        (
            "The actor behind the attached mail also uses other infrastructure that we list soon in our portal",
            Mode::Report,
        ),
        ("contact evil@evil.test", Mode::Report),
    ] {
        assert_eq!(judge(&with_attached(text)).0, mode, "{text}");
    }
    let linked = with_attached("<a href=\"https://evil.test\">mail</a>").replacen("text/plain", "text/html", 1);
    assert_eq!(judge(&linked).0, Mode::Report);
}

/// A phish to a customer of a bank, with its header fields and its text.
fn phish(header: &str, body: &str) -> String {
    format!(
        "{header}From: Bank <info@mail-safe.example>\nTo: Ann <ann@corp.example>\nSubject: Your account\n\
         Content-Type: text/html\n\n{body}"
    )
}

const LINK: &str = "<p>Verify your account: <a href=\"https://login.evil.top/a\">here</a></p>";

#[test]
fn the_facts_that_decided_are_named_the_strongest_first() {
    let failed = "Authentication-Results: mx.corp.example; dmarc=fail header.from=mail-safe.example\n";
    let (mode, facts) = judge(&phish(failed, LINK));
    assert_eq!((mode, facts[0].as_str()), (Mode::Sample, "dmarc_failed"));
    assert!(
        facts.contains(&"lure_to_link".to_owned()) && facts.len() <= 4,
        "{facts:?}"
    );
    assert_eq!(
        judge("Subject: hello\n\nhi\n"),
        (Mode::Report, vec!["plain_text".to_owned()])
    );
}

#[test]
fn a_mail_that_shows_nothing_is_a_report_and_says_so() {
    let (mode, facts) = verdict(Vec::new());
    assert_eq!(
        (mode, facts),
        (Mode::Report, vec![crate::domain::Fact::NothingOfASample])
    );
}

#[test]
fn what_only_reporters_write_decides_whatever_else_is_in_the_mail() {
    for (text, code) in [
        ("<p>hxxps://login[.]evil[.]top/a</p>", "values_defanged"),
        ("<p>TLP:AMBER</p>", "tlp_marked"),
    ] {
        let (mode, facts) = judge(&phish("X-Spam-Flag: YES\n", &format!("{LINK}{text}")));
        assert_eq!((mode, facts), (Mode::Report, vec![code.to_owned()]), "{text}");
    }
    assert_eq!(judge(&phish("X-Spam-Flag: YES\n", LINK)).0, Mode::Sample);
}

#[test]
fn one_s_own_side_is_believed_unless_authentication_fails() {
    let own = |header: &str, own: &[&str], body: &str| {
        judge_as(
            &format!(
                "{header}From: Bob <bob@corp.example>\nTo: Ann <ann@corp.example>\nSubject: Your account\n\
                 Content-Type: text/html\n\n{body}"
            ),
            own,
        )
    };
    assert!(own("", &[], "hello").1.contains(&"own_people".to_owned()));
    let result =
        |result: &str| format!("Authentication-Results: mx.corp.example; dmarc={result} header.from=corp.example\n");
    let (mode, facts) = own(&result("pass"), &["corp.example"], LINK);
    assert_eq!((mode, facts[0].as_str()), (Mode::Report, "own_people_proven"));
    // Anybody can write that it passed.
    assert!(
        !own(&result("pass"), &[], "hello")
            .1
            .contains(&"own_people_proven".to_owned())
    );
    let (mode, facts) = own(&result("fail"), &["corp.example"], LINK);
    assert_eq!((mode, facts[0].as_str()), (Mode::Sample, "own_side_forged"));
    // Nobody sends himself a mail from outside: To and From are the attacker's.
    let to_himself = format!("From: ann@corp.example\nTo: ann@corp.example\nSubject: Your account\n\n{LINK}");
    assert!(!judge(&to_himself).1.contains(&"own_people".to_owned()));
    // Everybody shares a public provider.
    let shared = format!("From: Eve <eve@gmail.com>\nTo: ann@gmail.com\nSubject: Your account\n\n{LINK}");
    assert!(!judge(&shared).1.contains(&"own_people".to_owned()));
}

#[test]
fn a_header_full_of_names_and_a_huge_text_are_read() {
    let recipients = "a@b.example, ".repeat(20_000);
    let words = "verify your account, you have won!! order today, act now, click here, discount, $5\n".repeat(30_000);
    let raw = format!("From: a@b.example\nTo: {recipients}\nSubject: s\n\n{words}");
    assert_eq!(judge(&raw).0, Mode::Sample);
}
