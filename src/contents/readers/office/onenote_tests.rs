//! Facts about OneNote.

use super::FILE;
use crate::contents::What;
use crate::contents::tests::read_file;

const SECTION: &[u8] = b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3";

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn embedded_files_texts_and_links_are_found() {
    let content = b"@echo off\r\nstart";
    let length = u64::try_from(content.len()).unwrap();
    let section = [
        SECTION,
        &[0; 64],
        &wide("invoice.bat"),
        &wide("Double-click to view the document"),
        &wide("\u{fddf}HYPERLINK \"http://a.b/c\"open it"),
        &FILE,
        &length.to_le_bytes(),
        &[0; 12],
        content,
        &[1, 0, 0],
    ]
    .concat();
    let contents = read_file("a.one", &section);
    let inner = contents.files[1].inner.as_ref().unwrap();
    assert_eq!(
        (inner.name.as_deref(), &*inner.bytes, inner.is_part),
        (Some("invoice.bat"), &content[..], false)
    );
    let [links, text] = &*contents.files[0].pieces else {
        panic!("{:?}", contents.files[0].pieces)
    };
    assert!(
        matches!(&links.what, What::Links(links) if links[0].target == "http://a.b/c" && links[0].shown == "open it")
    );
    assert!(
        matches!(&text.what, What::Text { text, .. } if text.contains("Double-click to view the document\nopen it"))
    );
}

#[test]
fn a_length_beyond_the_end_gives_no_file() {
    let section = [SECTION, &FILE, &[0xff; 8], &[0; 12], b"abc"].concat();
    assert_eq!(read_file("a.one", &section).files.len(), 1);
}
