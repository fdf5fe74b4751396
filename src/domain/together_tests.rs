use super::*;
use crate::domain::Overrides;

fn mail(text: &str) -> Submission {
    Submission {
        raw: text.as_bytes().to_vec().into(),
        identity: Sha256::of(text.as_bytes()),
        subject: Some("Invoice".to_owned()),
        message_id: Some(format!("<{text}@a.example>")),
        directives: Vec::new(),
        origin: "test".to_owned(),
        mode: Mode::Sample,
        judgement: None,
        profile: None,
        overrides: Overrides::default(),
        members: Vec::new(),
    }
}

fn like() -> Submission {
    let mut like = mail("");
    like.profile = Some("trap".to_owned());
    like.mode = Mode::Auto;
    like.overrides.comment = Some("Seen today".to_owned());
    like
}

#[test]
fn mails_make_the_same_submission_in_whatever_order_they_come_and_however_often() {
    let forth = Submission::together(["one", "two", "three"].map(mail), &like()).unwrap();
    let back = Submission::together(["three", "one", "two", "one"].map(mail), &like()).unwrap();
    assert_eq!(forth.identity, back.identity);
    assert_eq!(forth.raw, back.raw);
    assert_eq!(forth.members, back.members);
    assert_eq!(forth.subject.as_deref(), Some("Invoice (+2)"));
    let fewer = Submission::together(["one", "two"].map(mail), &like()).unwrap();
    assert_ne!(forth.identity, fewer.identity);
}

#[test]
fn one_mail_is_what_it_is_alone() {
    let alone = Submission::together([mail("one"), mail("one")], &like()).unwrap();
    assert_eq!(alone.identity, mail("one").identity);
    assert!(alone.members.is_empty());
    assert_eq!(alone.profile.as_deref(), Some("trap"));
    assert_eq!(alone.mode, Mode::Sample);
    assert!(Submission::together([], &like()).is_none());
}

#[test]
fn what_was_joined_comes_apart_and_the_comment_is_there_once() {
    let mut files = mail("carrier");
    files.overrides.files_only = true;
    let parts = Submission::together([mail("one"), mail("two"), files], &like())
        .unwrap()
        .apart();
    let mut texts: Vec<_> = parts
        .iter()
        .map(|part| String::from_utf8(part.raw.to_vec()).unwrap())
        .collect();
    texts.sort_unstable();
    assert_eq!(texts, ["carrier", "one", "two"]);
    for part in &parts {
        assert_eq!(part.identity, Sha256::of(&part.raw));
        assert_eq!(part.profile.as_deref(), Some("trap"));
        assert_eq!(part.overrides.files_only, part.raw == "carrier");
    }
    assert_eq!(parts.iter().filter(|part| part.overrides.comment.is_some()).count(), 1);
}

#[test]
fn the_marking_that_a_carrier_passed_on_only_rises() {
    let tlp = |carried: &str, chosen: Option<&str>| {
        let mut marked = mail("one");
        marked.overrides.tlp = Some(carried.to_owned());
        let mut like = like();
        like.overrides.tlp = chosen.map(str::to_owned);
        let whole = Submission::together([marked, mail("two")], &like).unwrap();
        assert_eq!(whole.overrides.tlp.as_deref(), chosen);
        let parts = whole.apart();
        let part = parts.into_iter().find(|part| part.raw == "one").unwrap();
        (part.overrides.tlp.unwrap(), part.overrides.edits.is_tlp_carried)
    };
    assert_eq!(tlp("tlp:amber", None), ("tlp:amber".to_owned(), true));
    assert_eq!(tlp("tlp:amber", Some("tlp:green")), ("tlp:amber".to_owned(), false));
    assert_eq!(tlp("tlp:amber", Some("tlp:red")), ("tlp:red".to_owned(), false));
}
