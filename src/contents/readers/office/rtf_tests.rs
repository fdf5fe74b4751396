//! Facts about rich text.

use crate::contents::tests::read_file;
use crate::contents::{Contents, What};
use crate::domain::coding::hex;
use crate::mail::LinkKind;

fn texts(contents: &Contents) -> Vec<String> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    pieces
        .filter_map(|piece| match &piece.what {
            What::Text { text, .. } => Some(text.trim().to_owned()),
            _ => None,
        })
        .collect()
}

fn links(contents: &Contents) -> Vec<(String, String, LinkKind)> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let links = pieces.filter_map(|piece| match &piece.what {
        What::Links(links) => Some(
            links
                .iter()
                .map(|link| (link.target.clone(), link.shown.clone(), link.kind)),
        ),
        _ => None,
    });
    links.flatten().collect()
}

#[test]
fn words_are_read_as_word_shows_them() {
    let facts = [
        (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}one\par two}", "one\ntwo"),
        (r"{\rtf1 caf\'e9 \u8364?5}", "café €5"),
        (r"{\rt a{\*\generator x;}{\info{\title t}}b}", "ab"),
        (
            r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}{\f4\fcharset204 Arial;}}{\f4 \'c7\'e4}\plain \'e9}",
            "Здé",
        ),
        (r"{\rtf1 a{\pict\bin3 {{{}b}", "ab"),
        (r"{\rtf1 a{\header top}b", "atopb"),
    ];
    for (rtf, text) in facts {
        assert_eq!(texts(&read_file("a.rtf", rtf.as_bytes())), [text], "{rtf}");
    }
}

#[test]
fn fields_and_templates_are_links() {
    let rtf = r#"{\rtf1{\*\template http://c/x.dotm}{\field{\*\fldinst{HYPERLINK "http://a/"}}{\fldrslt here}} {\field{\*\fldinst INCLUDEPICTURE "http://b/x.png" \\d}}{\*\template \'68ttp://\u100?/}}"#;
    let contents = read_file("a.doc", rtf.as_bytes());
    let link = |target: &str, shown: &str, kind| (target.to_owned(), shown.to_owned(), kind);
    assert_eq!(
        links(&contents),
        [
            link("http://c/x.dotm", "", LinkKind::Refresh),
            link("http://a/", "here", LinkKind::Anchor),
            link("http://b/x.png", "", LinkKind::Image),
            link("http://d/", "", LinkKind::Refresh)
        ]
    );
    assert_eq!(texts(&contents), ["here"]);
}

#[test]
fn objects_are_found_however_their_digits_are_hidden() {
    let package = [
        &2_u16.to_le_bytes()[..],
        b"a.vbs\0\0\0\0\x03\0\0\0\0\0",
        &4_u32.to_le_bytes(),
        b"x=12",
    ]
    .concat();
    let length = u32::try_from(package.len()).unwrap();
    let object = [
        &0x501_u32.to_le_bytes()[..],
        &2_u32.to_le_bytes(),
        &8_u32.to_le_bytes(),
        b"Package\0",
        &[0; 8],
        &length.to_le_bytes(),
        &package,
    ]
    .concat();
    let digits = hex(&object);
    let (first, second) = digits.split_at(21);
    let rtf = format!(r"{{\rtf1{{\object\objemb{{\*\objdata {first}{{\*\x 12}}{{}}\'ab\y {second}}}}}}}");
    let contents = read_file("a.rtf", rtf.as_bytes());
    let inner = contents.files[1].inner.as_ref().unwrap();
    assert_eq!((inner.name.as_deref(), &*inner.bytes), (Some("a.vbs"), &b"x=12"[..]));
}

#[test]
fn many_groups_and_an_early_end_are_read() {
    let contents = read_file("a.rtf", format!("{{\\rtf1 {}x", "{".repeat(300_000)).as_bytes());
    assert_eq!(texts(&contents), ["x"]);
    let fields = r"{\field{\*\fldinst{".repeat(50_000);
    assert!(texts(&read_file("a.rtf", format!("{{\\rtf1 {fields}x").as_bytes())).is_empty());
}
