//! Facts about files that are packed by themselves.

use std::io::Write;

use crate::contents::tests::read_file;
use crate::contents::{Contents, What};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn said(contents: &Contents) -> Vec<String> {
    let pieces = contents
        .files
        .iter()
        .flat_map(|file| file.pieces.iter().map(|piece| (&file.path, piece)));
    let texts = pieces.filter_map(|(path, piece)| match &piece.what {
        What::Text { text, .. } => Some(format!("{path}: {text}")),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_packed_file_is_named_without_its_ending() {
    assert_eq!(
        said(&read_file("list.txt.gz", &gzip(b"one"))),
        ["list.txt.gz > list.txt: one"]
    );
    let zstd = zstd::encode_all(&b"two"[..], 3).unwrap();
    assert_eq!(
        said(&read_file("list.txt.zst", &zstd)),
        ["list.txt.zst > list.txt: two"]
    );
    let twice = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(
        said(&read_file("list.txt.gz", &twice)),
        ["list.txt.gz > list.txt: one two"]
    );
}

#[test]
fn what_is_cut_off_gives_what_was_there() {
    let text = (0..20_000)
        .map(|index| format!("{index} "))
        .collect::<Vec<_>>()
        .concat();
    let whole = gzip(text.as_bytes());
    let found = said(&read_file("a.txt.gz", &whole[..whole.len() / 2]));
    assert!(found.len() == 1 && found[0].starts_with("a.txt.gz > a.txt: 0 1 2 "));
}

#[test]
fn a_bomb_stops_at_its_limit() {
    let contents = read_file("a.gz", &gzip(&vec![0; 300 << 20]));
    assert!(
        contents.notes[0].to_string().contains("contents.max_size"),
        "{}",
        contents.notes[0]
    );
}
