//! Facts about Office Open XML.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::contents::tests::{read_file, texts};
use crate::contents::{Contents, What};
use crate::mail::LinkKind;

fn document(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", "<Types/>")].iter().chain(members) {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Place, target, shown text and kind of every link.
fn links(contents: &Contents) -> Vec<(String, String, String, LinkKind)> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let links = pieces.filter_map(|piece| match &piece.what {
        What::Links(links) => Some(
            links
                .iter()
                .map(|link| (piece.place.clone(), link.target.clone(), link.shown.clone(), link.kind)),
        ),
        _ => None,
    });
    links.flatten().collect()
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!(
        r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" TargetMode="External"/>"#
    )
}

#[test]
fn a_document_gives_text_links_fields_and_what_it_loads() {
    let code = |text: &str| format!("<w:r><w:instrText>{text}</w:instrText></w:r>");
    let mark = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let text = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let body = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/x" xmlns:r="http://purl.org/r"><w:p>{}<w:hyperlink r:id="r1">{}</w:hyperlink></w:p><w:p>{}{}{}{}{}</w:p><w:p>{}{}{}{}{}{}</w:p></w:document>"#,
        text("a &amp; b "),
        text("click"),
        mark("begin"),
        code(" HYPER") + &code("LINK &quot;http://b/&quot; "),
        mark("separate"),
        text("here"),
        mark("end"),
        mark("begin"),
        code("DDEAUTO "),
        mark("begin"),
        code("QUOTE 99 109 100"),
        mark("end"),
        mark("end"),
    );
    let rels = format!(
        "<Relationships>{}</Relationships>",
        relation("r1", "hyperlink", "http://a/")
    );
    let settings = relation("r2", "attachedTemplate", "http://c/x.dotm");
    let contents = read_file(
        "a.docx",
        &document(&[
            ("word/document.xml", &body),
            ("word/_rels/document.xml.rels", &rels),
            ("word/_rels/settings.xml.rels", &settings),
        ]),
    );
    let link =
        |place: &str, target: &str, shown: &str, kind| (place.to_owned(), target.to_owned(), shown.to_owned(), kind);
    assert_eq!(
        links(&contents),
        [
            link("settings", "http://c/x.dotm", "", LinkKind::Refresh),
            link("", "http://a/", "click", LinkKind::Anchor),
            link("", "http://b/", "here", LinkKind::Anchor),
        ]
    );
    assert_eq!(
        texts(&contents),
        [
            (String::new(), "DDEAUTO cmd".to_owned()),
            (String::new(), "a & b click\nhere".to_owned())
        ]
    );
    assert!(contents.notes.is_empty(), "{:?}", contents.notes);
}

#[test]
fn a_workbook_shows_its_cells_and_joins_the_strings_of_formulas() {
    let workbook = r#"<workbook><sheets><sheet name="Prices" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let rels =
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let strings = "<sst><si><t>one</t></si><si><r><t>tw</t></r><r><t>o</t></r><rPh><t>x</t></rPh></si></sst>";
    let sheet = r#"<worksheet><row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>in</t></is></c><c><f>HYPERLINK("http://"&amp;"a/","x")</f><v>x</v></c></row><row><c><f>cmd|'/C calc'!A0</f><v>7</v></c></row></worksheet>"#;
    let contents = read_file(
        "a.xlsx",
        &document(&[
            ("xl/workbook.xml", workbook),
            ("xl/_rels/workbook.xml.rels", rels),
            ("xl/sharedStrings.xml", strings),
            ("xl/worksheets/sheet1.xml", sheet),
        ]),
    );
    assert_eq!(links(&contents)[0].1, "http://a/");
    let place = "sheet Prices".to_owned();
    assert_eq!(
        texts(&contents),
        [
            (place.clone(), "cmd /C calc".to_owned()),
            (place, "two\tin\tx\t\n7".to_owned())
        ]
    );
}

#[test]
fn entities_do_not_grow_and_a_string_in_a_million_cells_ends() {
    let laughs = format!(
        r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:p><w:t>{}</w:t></w:p>"#,
        "&b;".repeat(1000)
    );
    let contents = read_file("a.docx", &document(&[("word/document.xml", &laughs)]));
    assert!(texts(&contents).is_empty());
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let sheet = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(100_000));
    let members = [
        ("xl/sharedStrings.xml", &*strings),
        ("xl/worksheets/sheet1.xml", &*sheet),
    ];
    let contents = read_file("a.xlsx", &document(&members));
    assert_eq!(contents.notes.len(), 1, "{:?}", contents.notes);
}

#[test]
fn pictures_and_macros_are_parts_and_what_is_embedded_is_a_file() {
    let members = [
        ("word/document.xml", "<w:p/>"),
        ("word/media/image1.png", "\u{fffd}PNG"),
        ("word/vbaProject.bin", "x"),
        ("word/embeddings/a.xlsx", "y"),
        ("word/fonts/font1.odttf", "z"),
        ("word/theme/theme1.xml", "<a/>"),
        ("payload.exe", "MZ"),
    ];
    let contents = read_file("a.docx", &document(&members));
    let inner = contents.files.iter().filter_map(|file| file.inner.as_ref());
    let inner: Vec<_> = inner
        .map(|inner| (inner.name.as_deref().unwrap(), inner.is_part))
        .collect();
    assert_eq!(
        inner,
        [
            ("image1.png", true),
            ("vbaProject.bin", true),
            ("a.xlsx", false),
            ("payload.exe", false)
        ]
    );
}
