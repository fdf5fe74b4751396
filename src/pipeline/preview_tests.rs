use super::super::{draft, prepare, unasked};
use super::*;
use crate::domain::Mode;

fn look(raw: &str, mode: Mode) -> Preview {
    let request = Request {
        mode,
        ..Request::default()
    };
    preview(
        raw.as_bytes().to_vec(),
        request,
        &Settings::default(),
        ("2026-01-02", &|| false),
    )
    .unwrap()
}

fn shown(preview: &Preview) -> Vec<(String, bool, Option<String>)> {
    let of = |item: &Item| match &item.what {
        What::Indicator { found, context, .. } => (
            found.value.clone(),
            !item.is_skipped(),
            context.as_deref().map(str::to_owned),
        ),
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
        let prepared = prepare(raw.as_bytes().to_vec(), request, &settings).unwrap();
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

#[test]
fn an_event_tells_what_one_s_own_servers_found_out_and_names_none_of_them() {
    let raw = "Authentication-Results: mx.corp.example; spf=fail smtp.mailfrom=evil.top; dkim=fail header.d=a.top; \
               dkim=pass header.d=evil.top; dmarc=fail header.from=bank.top\nFrom: Bank <info@bank.top>\n\
               To: ann@corp.example\nSubject: s\n\nt\n";
    let tell = |config: &str, mode: Mode| {
        let text = format!("data_dir = '/d'\n{config}");
        let config = crate::config::Config::parse(std::path::Path::new("c"), &text).unwrap();
        let settings = config.profile(None).unwrap();
        let request = Request {
            mode,
            ..Request::default()
        };
        let prepared = prepare(raw.as_bytes().to_vec(), request, &settings).unwrap().remove(0);
        draft(prepared, &settings, "2026-01-02", &mut unasked).unwrap()
    };
    let own = "[hosts]\nown = [\"corp.example\"]\n";
    let told = tell(own, Mode::Sample);
    let tags: Vec<&str> = told.event.tags.iter().map(|tag| tag.name.as_str()).skip(1).collect();
    assert_eq!(
        tags,
        [
            "authentication:spf=\"fail\"",
            "authentication:dkim=\"pass\"",
            "authentication:dmarc=\"fail\""
        ]
    );
    let attributes = told.event.objects.iter().flat_map(|object| &object.attributes);
    let header = attributes
        .clone()
        .find(|one| one.object_relation.as_deref() == Some("header"))
        .unwrap();
    assert!(
        header
            .comment
            .starts_with("a server of one's own found: SPF fail (evil.top)")
    );
    assert!(attributes.clone().all(|one| !one.value.contains("corp.example")));
    let known = told.authentication.unwrap();
    assert!(known.trusted && known.server.is_empty());
    // What nobody vouches for is told and tags nothing; a report has no sample's sender.
    assert_eq!(tell("", Mode::Sample).event.tags.len(), 1);
    assert_eq!(tell(own, Mode::Report).event.tags.len(), 1);
    let quiet = format!("{own}[tags]\nauthentication = false\n");
    assert_eq!(tell(&quiet, Mode::Sample).event.tags.len(), 1);
    assert_eq!(
        told.mode.map(|mode| (mode.is, mode.by)),
        Some((Mode::Sample, crate::domain::By::Chosen))
    );
}
