//! Facts about zip archives.

use std::io::{Cursor, Write};

use zip::unstable::write::FileOptionsExt;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::config::ContentsSettings;
use crate::contents::tests::{read_file, read_with};
use crate::contents::{Contents, What};

fn archive(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn plain(members: &[(&str, &[u8])]) -> Vec<u8> {
    archive(members, SimpleFileOptions::default())
}

fn paths(contents: &Contents) -> Vec<&str> {
    contents.files.iter().map(|file| &*file.path).collect()
}

fn texts(contents: &Contents) -> Vec<String> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    pieces
        .filter_map(|piece| match &piece.what {
            What::Text { text, .. } => Some(text.clone()),
            _ => None,
        })
        .collect()
}

fn codes(contents: &Contents) -> Vec<String> {
    let said = contents.notes.iter().map(|note| serde_json::to_value(note).unwrap());
    said.map(|note| note["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn members_are_files_under_the_archive_and_archives_in_it_are_opened() {
    let inner = plain(&[("b/list.txt", b"http://wgetcdn-files.com/a")]);
    let contents = read_file("a.zip", &plain(&[("x/one.txt", b"one"), ("inner.zip", &inner)]));
    assert_eq!(
        paths(&contents),
        [
            "a.zip",
            "a.zip > one.txt",
            "a.zip > inner.zip",
            "a.zip > inner.zip > list.txt"
        ]
    );
    assert_eq!(texts(&contents), ["one", "http://wgetcdn-files.com/a"]);
    assert!(contents.notes.is_empty());
}

#[test]
fn a_locked_archive_is_opened_by_a_known_password_or_told() {
    let locked = |password: &'static [u8]| {
        let options = SimpleFileOptions::default()
            .with_deprecated_encryption(password)
            .unwrap();
        archive(&[("a.txt", b"secret text"), ("b.txt", b"another")], options)
    };
    let contents = read_file("a.zip", &locked(b"infected"));
    assert_eq!(texts(&contents), ["secret text", "another"]);
    assert_eq!(contents.files[0].password.as_deref(), Some("infected"));
    let contents = read_file("a.zip", &locked(b"zw5vDFpq"));
    assert_eq!(
        (texts(&contents).len(), codes(&contents)),
        (0, vec!["contents_locked".to_owned()])
    );
    let aes = SimpleFileOptions::default().with_aes_encryption(zip::AesMode::Aes256, "infected");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.txt", aes).unwrap();
    writer.write_all(b"by AES").unwrap();
    assert_eq!(
        texts(&read_file("a.zip", &writer.finish().unwrap().into_inner())),
        ["by AES"]
    );
}

#[test]
fn without_its_end_an_archive_gives_the_members_before_it() {
    let whole = plain(&[("a.txt", b"first member of two"), ("b.txt", b"second")]);
    let cut = &whole[..whole.len() - 60];
    assert_eq!(texts(&read_file("a.zip", cut)), ["first member of two", "second"]);
    assert_eq!(codes(&read_file("a.zip", &whole[..20])), ["contents_broken"]);
}

#[test]
fn a_bomb_stops_at_its_limit_and_says_which() {
    let zeros = vec![0; 40 << 20];
    let contents = read_file("bomb.zip", &plain(&[("zeros", &zeros)]));
    assert_eq!(codes(&contents), ["contents_stopped"]);
    assert!(
        contents.notes[0].to_string().contains("contents.ratio"),
        "{}",
        contents.notes[0]
    );
    let many: Vec<(String, &[u8])> = (0..50).map(|index| (format!("{index}.txt"), b"x".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let limits = ContentsSettings {
        files: 20,
        ..ContentsSettings::default()
    };
    let contents = read_with("many.zip", &plain(&many), &limits);
    assert_eq!(contents.files.len(), 21);
    assert!(contents.notes[0].to_string().contains("contents.files"));
}

#[test]
fn archives_in_archives_end_at_the_depth() {
    let mut bytes = plain(&[("a.txt", b"deep")]);
    for _ in 0..12 {
        bytes = plain(&[("a.zip", &bytes)]);
    }
    let contents = read_file("a.zip", &bytes);
    assert_eq!(contents.files.len(), 9);
    assert!(contents.notes[0].to_string().contains("contents.depth"));
}

#[test]
fn names_without_a_charset_are_read_as_dos_wrote_them() {
    for (bytes, name) in [
        (&b"\x91\xab\xe3\xa6\xa1\xa0.html"[..], "Служба.html"),
        (b"Stra\xe1e-\x81ber.html", "Straße-über.html"),
        (b"gr\xc3\xbcn.html", "grün.html"),
    ] {
        assert_eq!(crate::mail::archive_name(bytes), name);
    }
}

#[test]
fn a_member_that_is_too_large_hides_no_other() {
    let blank = vec![b' '; 3 << 20];
    let page = b"see https://wgetcdn-files.com/a";
    let archive = archive(
        &[
            ("blank.bin", &blank),
            ("a.txt", page),
            ("more.bin", &blank),
            ("b.txt", page),
        ],
        SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated),
    );
    let contents = read_file("a.zip", &archive);
    assert_eq!(paths(&contents), ["a.zip", "a.zip > a.txt", "a.zip > b.txt"]);
    assert_eq!(contents.notes.len(), 1, "{:?}", contents.notes);
}

#[test]
fn members_that_are_too_large_are_not_unpacked_without_an_end() {
    let blank = vec![b' '; 3 << 20];
    let names: Vec<String> = (0..40).map(|number| format!("{number}.bin")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &blank[..])).collect();
    let archive = archive(
        &members,
        SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated),
    );
    let limits = ContentsSettings {
        max_size: 4 << 20,
        ..ContentsSettings::default()
    };
    let contents = read_with("a.zip", &archive, &limits);
    assert_eq!(contents.files.len(), 2, "what fits is kept");
    assert_eq!(contents.notes.len(), 1, "{:?}", contents.notes);
}
