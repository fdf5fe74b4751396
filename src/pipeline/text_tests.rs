use super::*;
use crate::config::Settings;
use crate::domain::Mode;
use crate::pipeline::Request;
use crate::pipeline::preview::{Preview, What, preview};

fn look(raw: &str) -> Preview {
    let request = Request {
        mode: Mode::Report,
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

/// The pieces as one text: `<part>` for a heading, `[words=values]` for a mark.
fn told(preview: &Preview) -> String {
    let value = |item: &usize| match &preview.items[*item].what {
        What::Indicator { found, .. } => found.value.clone(),
        What::File { name, .. } => name.clone().unwrap_or_default(),
    };
    let piece = |piece: &Piece| match piece {
        Piece::Part { name, .. } => format!("<{name}>"),
        Piece::Text { text, items } if items.is_empty() => text.clone(),
        Piece::Text { text, items } => format!("[{text}={}]", items.iter().map(value).collect::<Vec<_>>().join("+")),
    };
    preview.text.iter().map(piece).collect()
}

const HTML: &str = "Subject: s\nContent-Type: text/html\n\n";

#[test]
fn finds_are_marked_as_they_are_written() {
    let raw = "Subject: s\n\nsee hxxp://evil-one[.]com/x now\nand 45.9.148[.]9, evil-two[.]com.\n";
    assert_eq!(
        told(&look(raw)),
        "<Subject>s<text/plain>see [hxxp://evil-one[.]com/x=http://evil-one.com/x+evil-one.com] now\nand \
         [45.9.148[.]9=45.9.148.9], [evil-two[.]com=evil-two.com].\n"
    );
}

#[test]
fn a_link_is_marked_at_its_words_and_a_picture_at_its_line() {
    let raw = format!(
        "{HTML}<p>First</p><p>click <a href='http://evil-one.com/a'>here</a> or <a href='http://evil-two.com/b'>here</a>\
         <img src='http://evil-three.com/c.png'></p>"
    );
    assert_eq!(
        told(&look(&raw)),
        "<Subject>s<text/html>First\n[=http://evil-three.com/c.png+evil-three.com]click \
         [here=http://evil-one.com/a+evil-one.com] or [here=http://evil-two.com/b+evil-two.com]\n"
    );
}

#[test]
fn alternatives_keep_their_own_marks() {
    let raw = "Subject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nat evil-one[.]com\n--b\nContent-Type: text/html\n\n<p>at evil-two[.]com</p>\n--b--\n";
    assert_eq!(
        told(&look(raw)),
        "<Subject>s<text/plain>at [evil-one[.]com=evil-one.com]<text/html>at [evil-two[.]com=evil-two.com]\n"
    );
}

#[test]
fn a_find_in_a_file_and_the_file_are_named_with_their_parts() {
    let raw = "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nno finds\n--b\nContent-Type: text/plain; name=list.txt\nContent-Disposition: attachment; filename=list.txt\n\nevil-one[.]com\n--b--\n";
    assert_eq!(
        told(&look(raw)),
        "<Subject>s<text/plain>no finds<attachment>[=list.txt]<attachment list.txt>[=evil-one.com]"
    );
}

#[test]
fn a_long_text_is_cut_behind_its_lines_and_loses_nothing() {
    let line = "words without any find in them\n";
    let body = format!("{}{}end", line.repeat(1000), "x".repeat(3 * PIECE));
    let preview = look(&format!("Subject: s\n\n{body}"));
    let texts: Vec<_> = preview
        .text
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text { text, .. } => Some(text.as_str()),
            Piece::Part { .. } => None,
        })
        .collect();
    assert!(texts.iter().all(|text| text.len() <= PIECE));
    assert!(texts[1].ends_with('\n'));
    assert_eq!(texts.concat(), format!("s{body}"));
}

#[test]
fn a_position_is_a_byte() {
    assert_eq!(indicator::Position::default().byte(), None);
    assert_eq!(indicator::Position::new(0).byte(), Some(0));
    assert_eq!(indicator::Position::new(7).byte(), Some(7));
    assert_eq!(indicator::Position::new(usize::MAX).byte(), None);
}
