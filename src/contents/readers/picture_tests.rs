use crate::config::ContentsSettings;
use crate::contents::tests::{read_file, read_with};
use crate::contents::{Contents, What};

const PLAIN: &[u8] = include_bytes!("../../../tests/contents/codes/plain.png");

fn codes(contents: &Contents) -> Vec<(&'static str, String)> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    pieces
        .filter_map(|piece| match &piece.what {
            What::Code(code) => Some((code.symbology, code.text.clone())),
            _ => None,
        })
        .collect()
}

#[test]
fn a_picture_is_told_by_its_bytes() {
    for name in ["a.png", "a.txt", "a"] {
        let url = "https://kontobrief-scan.net/p/plain-png".to_owned();
        assert_eq!(codes(&read_file(name, PLAIN)), [("QR", url)], "{name}");
    }
}

#[test]
fn codes_are_read_only_if_they_are_to_be_read() {
    let limits = ContentsSettings {
        codes: false,
        ..ContentsSettings::default()
    };
    let contents = read_with("a.png", PLAIN, &limits);
    assert!(codes(&contents).is_empty());
    assert!(contents.notes.is_empty());
}

/// A PNG that says it has a thousand million points.
#[test]
fn a_picture_too_large_is_not_decoded() {
    let mut huge = PLAIN.to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32(&huge[12..29]);
    huge[29..33].copy_from_slice(&crc.to_be_bytes());
    let contents = read_file("a.png", &huge);
    assert!(codes(&contents).is_empty());
    let told: Vec<_> = contents.notes.iter().map(|note| &*note.code).collect();
    assert_eq!(told, ["contents_stopped"]);
}

fn crc32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    }) ^ u32::MAX
}

#[test]
fn cut_and_garbled_pictures_do_no_harm() {
    let all: [&[u8]; 6] = [
        PLAIN,
        include_bytes!("../../../tests/contents/codes/plain.gif"),
        include_bytes!("../../../tests/contents/codes/plain.jpg"),
        include_bytes!("../../../tests/contents/codes/lossy.webp"),
        include_bytes!("../../../tests/contents/codes/plain.tiff"),
        include_bytes!("../../../tests/contents/codes/plain.ico"),
    ];
    for bytes in all {
        for part in [0, 1, 4, 8, 16, bytes.len() / 2] {
            read_file("a", &bytes[..bytes.len().saturating_sub(part * 3 + 1)]);
            let mut garbled = bytes.to_vec();
            if let Some(byte) = garbled.get_mut(part * 5 + 10) {
                *byte ^= 0xff;
            }
            read_file("a", &garbled);
        }
    }
}
