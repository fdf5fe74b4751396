//! Facts about OpenDocument.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::contents::tests::read_file;
use crate::contents::{Contents, What};

fn document(members: &[(&str, &str)]) -> Contents {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let kind = [("mimetype", "application/vnd.oasis.opendocument.text")];
    for (name, text) in kind.iter().chain(members) {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    read_file("a.odt", &writer.finish().unwrap().into_inner())
}

fn pieces(contents: &Contents) -> Vec<(String, String)> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let told = pieces.map(|piece| {
        let text = match &piece.what {
            What::Text { text, .. } => text.trim().to_owned(),
            What::Links(links) => {
                let links = links.iter().map(|link| format!("{} {} ", link.shown, link.target));
                links.collect::<Vec<_>>().concat()
            }
            _ => String::new(),
        };
        (piece.place.clone(), text)
    });
    told.collect()
}

#[test]
fn text_links_and_macros_are_read() {
    let content = r#"<office:document-content xmlns:office="urn:oasis"><office:automatic-styles>x</office:automatic-styles><text:p>one <text:a xlink:href="http://a/">click</text:a></text:p><draw:image xlink:href="Pictures/1.png"/><text:section><text:section-source xlink:href="http://b/"/></text:section></office:document-content>"#;
    let module = r#"<script:module script:name="M">x = "a" &amp; "b"</script:module>"#;
    let contents = document(&[
        ("content.xml", content),
        ("Basic/Standard/M.xml", module),
        ("Pictures/1.png", "png"),
        ("run.exe", "MZ"),
    ]);
    let fact = |place: &str, text: &str| (place.to_owned(), text.to_owned());
    assert_eq!(
        pieces(&contents),
        [
            fact("", "click http://a/  http://b/ "),
            fact("", "one click"),
            fact("macro M", "x = \"a\" & \"b\""),
            fact("macro M, joined strings", "ab")
        ]
    );
    let inner: Vec<_> = contents.files.iter().filter_map(|file| file.inner.as_ref()).collect();
    assert_eq!(
        inner.iter().map(|inner| inner.is_part).collect::<Vec<_>>(),
        [true, false]
    );
}

#[test]
fn a_locked_document_is_told() {
    let contents = document(&[("META-INF/manifest.xml", "<manifest:encryption-data/>")]);
    assert_eq!(contents.notes.len(), 1);
}
