//! Facts about files that lead somewhere.

use crate::contents::tests::{said, says};

#[test]
fn every_kind_tells_where_it_leads() {
    let url = "https://kite-one.net/l";
    let facts = [
        ("a.url", format!("[InternetShortcut]\r\nURL={url}\r\n")),
        ("a", format!("[InternetShortcut]\r\nURL={url}\r\n")),
        ("a.website", format!("[InternetShortcut]\r\nURL={url}\r\n")),
        ("a.desktop", format!("[Desktop Entry]\nExec=curl {url}\n")),
        ("a.desktop", format!("[Desktop Entry]\nURL={url}\n")),
        (
            "a.webloc",
            format!("<plist><dict><key>URL</key><string>{url}</string></dict></plist>"),
        ),
        (
            "a.library-ms",
            format!("<libraryDescription><url>{url}</url></libraryDescription>"),
        ),
        ("a.search-ms", format!("<x><URL>{url}</URL></x>")),
        (
            "a.searchConnector-ms",
            format!("<x><simpleLocation><url>{url}</url></simpleLocation></x>"),
        ),
    ];
    for (name, source) in facts {
        assert!(says(name, &source, url), "{name}: {:?}", said(name, source.as_bytes()));
    }
    assert!(says(
        "a.rdp",
        "full address:s:desk.kite-one.net:3389\n",
        "desk.kite-one.net:3389"
    ));
    assert!(says(
        "a.url",
        "[InternetShortcut]\nURL=file://files.kite-one.net@80/a\n",
        "files.kite-one.net"
    ));
}

#[test]
fn the_texts_of_a_binary_list_end_where_their_lengths_say() {
    let short = b"bplist00\xd1\x01\x02SURL_\x10\x16https://kite-one.net/b\x08\x0b\x0f";
    assert_eq!(said("a.webloc", short), ["https://kite-one.net/b"]);
    for end in 0..short.len() {
        said("a.webloc", &short[..end]);
    }
}
