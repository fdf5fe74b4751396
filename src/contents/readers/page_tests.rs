//! Facts about pages and drawings.

use crate::contents::What;
use crate::contents::tests::{read_file, says};
use crate::mail::LinkKind;

#[test]
fn pages_in_any_charset_are_read() {
    let page = "<html><body>Öffnen <a href='https://kite-one.net/x'>Konto</a>";
    let utf16: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = encoding_rs::WINDOWS_1252.encode(page).0;
    for bytes in [page.as_bytes(), &utf16, &latin] {
        assert!(says("a.html", bytes, "https://kite-one.net/x") && says("a.html", bytes, "Öffnen"));
    }
}

#[test]
fn forms_and_pages_that_open_by_themselves_are_told_apart() {
    let page = "<html><meta http-equiv=refresh content='0;url=https://kite-one.net/r'><form action='https://kite-two.net/f'>\
                <script>location.href='https://kite-three.net/l'</script>";
    let contents = read_file("a.html", page.as_bytes());
    let mut kinds = Vec::new();
    for piece in &contents.files[0].pieces {
        match &piece.what {
            What::Page(body) => kinds.extend(body.links.iter().map(|link| (link.target.clone(), link.kind))),
            What::Links(links) => kinds.extend(links.iter().map(|link| (link.target.clone(), link.kind))),
            _ => {}
        }
    }
    for one in [
        ("https://kite-one.net/r", LinkKind::Refresh),
        ("https://kite-two.net/f", LinkKind::Form),
        ("https://kite-three.net/l", LinkKind::Refresh),
    ] {
        assert!(kinds.contains(&(one.0.to_owned(), one.1)), "{one:?}: {kinds:?}");
    }
}

#[test]
fn drawings_and_web_archives_are_pages_too() {
    assert!(says(
        "a.svg",
        "<svg><a xlink:href='https://kite-one.net/s'/></svg>",
        "https://kite-one.net/s"
    ));
    assert!(says(
        "a.svg",
        "<svg><script>go('https://kite'+'-one.net/s')</script></svg>",
        "https://kite-one.net/s"
    ));
    let archive = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n\
                   <a href='https://kite-one.net/m'>x</a>\n--b--\n";
    assert!(says("a.mht", archive, "https://kite-one.net/m"));
}
