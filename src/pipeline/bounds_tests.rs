use super::*;

const HEAD: &str = "From: a@b.example\r\nSubject: s\r\n";

fn drafts(raw: &str, settings: &Settings) -> Vec<Draft> {
    let all = prepare(raw.as_bytes().to_vec(), Request::default(), settings).unwrap();
    let draft = |prepared| draft(prepared, settings, "2026-06-01", &mut unasked).unwrap();
    all.into_iter().map(draft).collect()
}

fn codes(draft: &Draft) -> Vec<&str> {
    draft.notes.iter().map(|note| &*note.code).collect()
}

#[test]
fn indicators_beyond_the_limit_are_counted_in_every_mail_of_an_event() {
    let mut settings = Settings::default();
    settings.text.max_indicators = 4;
    let list = (0..10)
        .map(|number| format!("198.51.{number}.7 203.0.113.{number}\n"))
        .collect::<Vec<_>>()
        .concat();
    let quoted = "---------- Forwarded message ---------\nFrom: C <c@d.example>\nDate: Mon, 2 Mar 2026 at 09:00\nTo: a@b.example\nSubject: in\n\n9.9.9.9\n";
    let [draft] = &drafts(&format!("{HEAD}\n{list}{quoted}"), &settings)[..] else {
        panic!("one event");
    };
    assert_eq!(
        draft.event.attributes.len() + draft.skipped.iter().filter(|one| one.r#type == "ip-dst").count(),
        4
    );
    let note = draft
        .notes
        .iter()
        .find(|note| note.code == "indicators_left_out")
        .unwrap();
    assert_eq!(note.arguments["count"], crate::domain::Argument::Number(17));
    let mut rows = 0;
    let raw = format!("{HEAD}\n{list}").into_bytes();
    extract(raw, Request::default(), &settings, &mut |some| rows += some.len()).unwrap();
    assert_eq!(rows, 4);
    let seen = preview::preview(
        list.into_bytes(),
        Request::default(),
        &settings,
        ("2026-06-01", &|| false),
    )
    .unwrap();
    assert!(seen.notes.iter().any(|note| note.code == "indicators_left_out"));
}

#[test]
fn a_long_value_counts_for_several_in_a_mail_and_in_a_text() {
    let mut settings = Settings::default();
    settings.text.max_indicators = 7;
    let url = |number| format!("http://198.51.100.{number}/{}\n", "a".repeat(300));
    let list = (0..5).map(url).collect::<Vec<_>>().concat();
    // A URL counts for three, its host for one.
    let expected = ["url", "ip-dst", "url"];
    let (mut of_mail, mut of_text) = (Vec::new(), Vec::new());
    let types = |rows: &[row::Row<'_>]| rows.iter().map(|row| row.cells()[1].clone()).collect::<Vec<_>>();
    let raw = format!("{HEAD}\n{list}").into_bytes();
    extract(raw, Request::default(), &settings, &mut |rows| {
        of_mail.extend(types(rows));
    })
    .unwrap();
    extract_text(&list, &Overrides::default(), &settings, &mut |rows| {
        of_text.extend(types(rows));
    });
    assert_eq!(
        (of_mail, of_text),
        (
            expected.map(str::to_owned).to_vec(),
            expected.map(str::to_owned).to_vec()
        )
    );
}

#[test]
fn an_event_that_is_full_names_the_files_that_are_not_in_it() {
    let mut settings = Settings::default();
    settings.event.max_size = 1 << 20;
    let noise = |seed: u32| {
        let mut state = seed;
        let next = move |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'!' + u8::try_from((state >> 16) % 90).unwrap())
        };
        (0..400_000).map(next).collect::<String>()
    };
    let part = |number: u32| {
        format!(
            "--b\r\nContent-Type: application/x-thing\r\nContent-Disposition: attachment; filename=f{number}.exe\r\n\r\nMZ{}\r\n",
            noise(number)
        )
    };
    let parts: String = (1..5).map(part).collect();
    let raw =
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nnew 9.9.9.9\r\n{parts}--b--\r\n");
    let [draft] = &drafts(&raw, &settings)[..] else {
        panic!("one event");
    };
    let refused: Vec<&str> = draft
        .skipped
        .iter()
        .filter(|one| one.reason.code == "event_is_full")
        .map(|one| one.value.as_str())
        .collect();
    assert!(!refused.is_empty() && refused.len() < 4, "{refused:?}");
    assert!(codes(draft).contains(&"objects_left_out"));
    assert!(draft.event.attributes.iter().any(|one| one.value == "9.9.9.9"));
    let size = crate::misp::json::to_json(&draft.event).unwrap().len();
    assert!(size <= settings.event.max_size, "{size}");
}

#[test]
fn what_is_cut_off_a_carrier_is_told() {
    let mut settings = Settings::default();
    settings.mail.header_fields = 10;
    let junk = "X-Junk: y\r\n".repeat(50);
    let raw = format!(
        "{HEAD}{junk}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d.example\r\nSubject: in\r\n\r\n9.9.9.9\r\n--b--\r\n"
    );
    let request = Request {
        mode: Mode::Carrier,
        ..Request::default()
    };
    let all = prepare(raw.into_bytes(), request, &settings).unwrap();
    let drafts: Vec<Draft> = all
        .into_iter()
        .map(|prepared| draft(prepared, &settings, "2026-06-01", &mut unasked).unwrap())
        .collect();
    assert_eq!(drafts.len(), 2);
    assert!(drafts.iter().any(|draft| codes(draft).contains(&"fields_left_out")));
}
