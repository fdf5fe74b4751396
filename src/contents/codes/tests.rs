//! Codes in the texts of mails. The pictures and drawings are those of `tests/contents/codes`.

use std::fmt::Write;

use crate::config::ContentsSettings;
use crate::contents::tests::read_file;
use crate::contents::{Contents, Passwords, What, read};
use crate::mail;

const PLAIN: &[u8] = include_bytes!("../../../tests/contents/codes/plain.png");
const BLOCKS: &str = include_str!("../../../tests/contents/codes/blocks-among-prose.txt");
const TABLE: &str = include_str!("../../../tests/contents/codes/table-runs.html");
const SVG: &str = include_str!("../../../tests/contents/codes/svg-path.svg");
const SPLIT: &str = include_str!("../../../tests/contents/codes/split-beside.html");

/// The place and the text of each code in the texts of a mail.
fn in_bodies(raw: &[u8]) -> Vec<(String, String)> {
    let mail = mail::parse(raw, &crate::config::MailSettings::default()).unwrap();
    let contents = read(&mail, &Passwords::default(), &ContentsSettings::default(), &|| false);
    let codes = contents.in_bodies.into_iter();
    codes
        .map(|piece| match piece.what {
            What::Code(code) => {
                assert!(code.drawn.is_some_and(|file| file.starts_with(b"\x89PNG")));
                (piece.place, code.text)
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

fn in_file(contents: &Contents) -> Vec<&str> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    pieces
        .filter_map(|piece| match &piece.what {
            What::Code(code) => Some(&*code.text),
            _ => None,
        })
        .collect()
}

fn body(kind: &str, text: &str) -> String {
    format!("From: a@b.net\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\n\n{text}")
}

#[test]
fn a_mail_may_draw_a_code_in_its_text() {
    for (kind, text, place, name) in [
        ("plain", BLOCKS, "text/plain drawing 1", "blocks-among-prose-txt"),
        ("html", TABLE, "text/html drawing 1", "table-runs-html"),
        ("html", SVG, "text/html drawing 1", "svg-path-svg"),
        ("html", SPLIT, "text/html pictures up to 2", "split-beside-html"),
    ] {
        let found = (place.to_owned(), format!("https://kontobrief-scan.net/d/{name}"));
        assert_eq!(in_bodies(body(kind, text).as_bytes()), [found]);
    }
}

/// The halves of a code are attached, and the page shows them beside one another by their names.
#[test]
fn a_mail_may_show_the_parts_of_a_code_together() {
    let parts: Vec<&str> = SPLIT
        .split("base64,")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut raw = String::from(
        "From: a@b.net\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n\
         <p>Scan</p><img src=\"cid:0@x\"><img src=\"cid:1@x\">\n",
    );
    for (number, part) in parts.iter().enumerate() {
        write!(
            raw,
            "--x\nContent-Type: image/png\nContent-ID: <{number}@x>\nContent-Transfer-Encoding: base64\n\n{part}\n"
        )
        .unwrap();
    }
    raw += "--x--\n";
    let found = in_bodies(raw.as_bytes());
    let text = "https://kontobrief-scan.net/d/split-beside-html";
    assert_eq!(found, [("text/html pictures up to 2".to_owned(), text.to_owned())]);
}

/// Each is read as a file already.
#[test]
fn a_picture_alone_is_not_read_again() {
    let coded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, PLAIN);
    let shown = |source: &str| {
        format!(
            "From: a@b.net\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n\
             <img src=\"{source}\">\n--x\nContent-Type: image/png\nContent-ID: <0@x>\nContent-Transfer-Encoding: base64\n\n{coded}\n\
             --x--\n"
        )
    };
    assert!(in_bodies(shown("cid:0@x").as_bytes()).is_empty());
    let held = in_bodies(shown(&format!("data:image/png;base64,{coded}")).as_bytes());
    assert_eq!(held[0].0, "text/html picture 1");
}

#[test]
fn hostile_drawings_do_no_harm() {
    let long = "h1v1".repeat(200_000);
    let facts = [
        format!("<svg viewBox='0 0 9 9'><path d='M0 0{long}z'/></svg>"),
        format!("<svg><path d='{}'/></svg>", "M0 0L1e308 1e308L-1e308 nanz".repeat(50)),
        "<svg>".repeat(20_000) + &"<g transform='scale(1e9)'>".repeat(20_000) + "<rect width=1 height=1>",
        "<table>".repeat(5000) + &"<tr><td bgcolor=#000 colspan=99999999999>".repeat(5000),
        "<img src='data:image/svg+xml,%3Cimage href=%22data:image/svg+xml,x%22/%3E'>".repeat(100),
        "<img src='data:image/png;base64,iVBORw0KGgo='>".repeat(500),
        "<svg><defs><rect id=a width=1 height=1>".to_owned() + &"<use href=#a>".repeat(50_000),
    ];
    for text in facts {
        in_bodies(body("html", &text).as_bytes());
    }
    for text in [
        "█ ".repeat(100_000),
        "█\n".repeat(100_000),
        "#.\n".repeat(100_000),
        "> > █▀\n".repeat(50_000),
    ] {
        in_bodies(body("plain", &text).as_bytes());
    }
}

#[test]
fn a_file_may_draw_a_code() {
    for (name, bytes) in [("a.txt", BLOCKS), ("a.svg", SVG)] {
        assert_eq!(in_file(&read_file(name, bytes.as_bytes())).len(), 1, "{name}");
    }
}

/// A picture that a fuzzer made of a code: the search for several went from one place to another and back.
#[test]
fn the_search_for_stacked_codes_ends() {
    let picture = include_bytes!("../../../tests/contents/codes/pdf417-endless.jpg");
    assert_eq!(in_file(&read_file("a.jpg", picture)), [""; 0]);
}

#[test]
fn a_stacked_code_that_cannot_be_read_hides_no_other() {
    let pictures: [&[u8]; 2] = [
        include_bytes!("../../../tests/contents/codes/pdf417.png"),
        include_bytes!("../../../tests/contents/codes/pdf417-jpeg.jpg"),
    ];
    let [one, other] = pictures.map(|picture| image::load_from_memory(picture).unwrap().to_luma8());
    let mut damaged = one.clone();
    let (from, width) = (damaged.width() / 3, damaged.width() / 3);
    for (x, _, point) in damaged.enumerate_pixels_mut() {
        if (from..from + width).contains(&x) {
            point.0 = [255];
        }
    }
    let all = [damaged, one, other];
    let width = all.iter().map(image::GrayImage::width).max().unwrap();
    let height = all.iter().map(image::GrayImage::height).sum();
    let mut page = image::GrayImage::from_pixel(width, height, image::Luma([255]));
    let mut row = 0;
    for picture in &all {
        image::imageops::replace(&mut page, picture, 0, row);
        row += i64::from(picture.height());
    }
    let mut png = std::io::Cursor::new(Vec::new());
    page.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let texts = ["png", "jpeg-jpg"].map(|name| format!("https://kontobrief-scan.net/p/pdf417-{name}"));
    assert_eq!(in_file(&read_file("a.png", png.get_ref())), texts);
}
