use super::super::{draft, prepare};
use super::*;
use crate::domain::Mode;

fn look(raw: &str, mode: Mode) -> Preview {
    let request = Request {
        mode,
        ..Request::default()
    };
    preview(raw.into(), request, &Settings::default(), "2026-01-02").unwrap()
}

fn shown(preview: &Preview) -> Vec<(String, bool, Option<String>)> {
    let of = |item: &Item| match &item.what {
        What::Indicator { found, context, .. } => (found.value.clone(), !item.is_skipped(), context.clone()),
        What::File { name, .. } => (name.clone().unwrap_or_default(), !item.is_skipped(), None),
    };
    preview.items.iter().map(of).collect()
}

#[test]
fn each_indicator_comes_with_its_line() {
    let raw = "Subject: s\n\nfirst\n  go to hxxp://evil-one[.]com/x now\nsetup.py is a file\n";
    let preview = look(raw, Mode::Auto);
    let line = Some("go to hxxp://evil-one[.]com/x now".to_owned());
    let file = Some("setup.py is a file".to_owned());
    assert_eq!(
        shown(&preview),
        [
            ("http://evil-one.com/x".to_owned(), true, line.clone()),
            ("evil-one.com".to_owned(), true, line),
            ("setup.py".to_owned(), false, file),
        ]
    );
    assert_eq!(preview.mode.is, Mode::Report);
}

#[test]
fn a_preview_tells_the_event_that_sending_makes() {
    let raw = include_str!("../../tests/mails/embedded-three.eml");
    for mode in [Mode::Auto, Mode::Report, Mode::Sample, Mode::Carrier] {
        let preview = look(raw, mode);
        let request = Request {
            mode,
            ..Request::default()
        };
        let settings = Settings::default();
        let prepared = prepare(raw.into(), request, &settings).unwrap();
        let drafts: Vec<_> = prepared
            .into_iter()
            .map(|one| draft(one, &settings, "2026-01-02", &mut unasked).unwrap())
            .collect();
        assert_eq!(preview.events.len(), drafts.len(), "{mode:?}");
        for (index, (event, draft)) in preview.events.iter().zip(&drafts).enumerate() {
            assert_eq!((event.uuid, &event.plan.info), (draft.event.uuid, &draft.event.info));
            let emails = draft.event.objects.iter().filter(|object| object.name == "email");
            assert_eq!(
                event.plan.nodes.iter().filter(|node| node.email.is_some()).count(),
                emails.count()
            );
            let sent = preview.items.iter().filter(|item| {
                item.event == index && !item.is_skipped() && matches!(item.what, What::Indicator { .. })
            });
            assert_eq!(sent.count(), draft.event.attributes.len(), "{mode:?} {index}");
        }
    }
}

#[test]
fn the_marking_of_an_attached_mail_counts_for_the_whole() {
    let raw = "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: message/rfc822\n\nSubject: TLP:RED\n\nx\n--b--\n";
    assert_eq!(look(raw, Mode::Auto).marking, Some(TlpLevel::Red));
    assert_eq!(look("Subject: s\n\nx\n", Mode::Auto).marking, None);
}
