//! Facts about what a person changes before an event leaves.

use super::*;
use crate::domain::{Edits, PapLevel, RowEdit};
use crate::policy::refused;

fn row(r#type: &str, value: &str) -> RowEdit {
    RowEdit {
        r#type: r#type.into(),
        value: value.into(),
        ..RowEdit::default()
    }
}

fn edited(settings: &str, edits: Edits) -> Given {
    let mut given = given(mail(&[("Subject", "News")], "hello, TLP:AMBER"), settings);
    given.overrides.edits = edits;
    given
}

#[test]
fn the_event_has_what_a_person_wrote() {
    let edits = Edits {
        title: Some("  Campaign\n of March ".into()),
        pap: Some(PapLevel::Red),
        tags_added: vec!["misp-galaxy:tool=\"Emotet\"".into()],
        tags_removed: vec!["SOURCE:mail".into(), "tlp:amber".into()],
        threat_level: Some(1),
        sharing_group: Some(7),
        ..Edits::default()
    };
    let mut given = edited("[event]\ntags = ['source:mail', 'PAP:GREEN', 'kept']", edits);
    given.overrides.distribution = Some(4);
    let plan = given.plan(Vec::new());
    assert_eq!(plan.info, "Campaign of March");
    assert_eq!(
        (plan.threat_level, plan.distribution, plan.sharing_group),
        (1, 4, Some(7))
    );
    assert_eq!(
        plan.tags,
        ["tlp:amber", "PAP:RED", "kept", "misp-galaxy:tool=\"Emotet\""]
    );
    let fields = [
        "info",
        "PAP",
        "tags",
        "distribution",
        "sharing_group_id",
        "threat_level_id",
    ]
    .map(str::to_owned);
    let fields = fields.to_vec();
    assert!(plan.notes.contains(&Note::ChangedByHand { fields }), "{:?}", plan.notes);
}

#[test]
fn without_changes_nothing_is_told() {
    let plan = edited("", Edits::default()).plan(vec![url("http://evil.com/x")]);
    assert_eq!(plan.notes, []);
    assert_eq!(plan.info, "M2M - News");
}

#[test]
fn a_tag_may_raise_the_marking_and_never_lower_it() {
    for (added, expected) in [("tlp:clear", "tlp:amber"), ("tlp:red", "tlp:red")] {
        let edits = Edits {
            tags_added: vec![added.into()],
            ..Edits::default()
        };
        assert_eq!(edited("", edits).plan(Vec::new()).tags, [expected], "{added}");
    }
}

#[test]
fn an_indicator_is_sent_as_a_person_wants_it() {
    let md5 = found(Kind::Md5, "0123456789abcdef0123456789abcdef", None);
    let rows = vec![
        RowEdit {
            to_ids: Some(false),
            comment: Some(" seen by us ".into()),
            ..row("url", "http://evil.com/x")
        },
        RowEdit {
            r#as: Some("imphash".into()),
            category: Some("Artifacts dropped".into()),
            ..row("md5", &md5.value)
        },
        // Of another type: it names nothing here.
        RowEdit {
            to_ids: Some(false),
            ..row("domain", "http://evil.com/y")
        },
        RowEdit {
            r#as: Some("url".into()),
            category: Some("Network activity".into()),
            to_ids: Some(true),
            ..row("link", "https://sandbox.test/1")
        },
    ];
    let edits = Edits {
        rows,
        ..Edits::default()
    };
    let given = edited(LISTS, edits);
    let found = vec![
        url("http://evil.com/x"),
        md5,
        url("http://evil.com/y"),
        url("https://sandbox.test/1"),
    ];
    assert_eq!(
        given.shorts(found.clone()),
        [
            "url Network activity - seen by us",
            "imphash Artifacts dropped ids",
            "url Network activity ids",
            "url Network activity ids",
        ]
    );
    let notes = given.plan(found).notes;
    let told = notes.iter().find_map(|note| match note {
        Note::RowsChangedByHand { rows, count } => Some((rows.join("; "), *count)),
        _ => None,
    });
    let (rows, count) = told.unwrap();
    assert_eq!(count, 4);
    assert!(rows.starts_with("http://evil.com/x (to_ids, comment); "), "{rows}");
}

#[test]
fn what_misp_would_refuse_is_named() {
    for (edit, words) in [
        (
            RowEdit {
                r#as: Some("ip-dst".into()),
                ..row("url", "http://evil.com/x")
            },
            "ip-dst",
        ),
        (
            RowEdit {
                r#as: Some("nothing".into()),
                ..row("url", "http://evil.com/x")
            },
            "nothing",
        ),
        (
            RowEdit {
                category: Some("Person".into()),
                ..row("md5", "0123456789abcdef0123456789abcdef")
            },
            "Person",
        ),
    ] {
        let edits = Edits {
            rows: vec![edit],
            ..Edits::default()
        };
        let problem = refused(&edits).unwrap().to_string();
        assert!(problem.contains(words), "{problem}");
    }
    let fine = RowEdit {
        r#as: Some("link".into()),
        ..row("url", "http://evil.com/x")
    };
    let edits = Edits {
        rows: vec![fine, row("url", "no url at all")],
        ..Edits::default()
    };
    assert_eq!(refused(&edits), None);
}
