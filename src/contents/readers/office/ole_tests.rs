//! Facts about compound files.

use std::io::{Cursor, Write};

use crate::contents::What;
use crate::contents::tests::{read_file, texts};

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        let folder = std::path::Path::new(path).parent().unwrap();
        file.create_storage_all(folder).unwrap();
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A container of literals only.
fn packed(text: &[u8]) -> Vec<u8> {
    let mut out = vec![1];
    for chunk in text.chunks(3000) {
        let data: Vec<u8> = chunk.chunks(8).flat_map(|eight| [&[0], eight].concat()).collect();
        let header = 0xb000 | u16::try_from(data.len() - 1).unwrap();
        out.extend(header.to_le_bytes());
        out.extend(data);
    }
    out
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

#[test]
fn macros_are_read_by_their_directory_and_without_it() {
    let directory = [
        record(0x03, &1252_u16.to_le_bytes()),
        record(0x19, b"Module1"),
        record(0x1a, b"Module1"),
        record(0x31, &2_u32.to_le_bytes()),
    ]
    .concat();
    let source = b"Attribute VB_Name = \"Module1\"\r\nx = \"ht\" & \"tp://a\"\r\n";
    let module = [b"??".to_vec(), packed(source)].concat();
    let hidden = packed(b"Attribute VB_Name = \"Other\"\r\ny = 1\r\n");
    // The mark of a module, as a compressor writes it.
    assert_eq!(hidden[3..14], *b"\0Attribut\0e ".get(..11).unwrap());
    let file = compound(&[
        ("/VBA/dir", &packed(&directory)),
        ("/VBA/Module1", &module),
        ("/VBA/Other", &hidden),
    ]);
    assert_eq!(
        texts(&read_file("vbaProject.bin", &file)),
        [
            ("macro Module1".to_owned(), "x = \"ht\" & \"tp://a\"".to_owned()),
            ("macro Module1, joined strings".to_owned(), "http://a".to_owned()),
            ("macro Other".to_owned(), "y = 1".to_owned())
        ]
    );
}

#[test]
fn a_package_gives_its_file() {
    let inner = [
        &2_u16.to_le_bytes()[..],
        b"run.bat\0C:\\x\\run.bat\0\0\0\x03\0",
        &5_u32.to_le_bytes(),
        b"C:\\t\0",
        &4_u32.to_le_bytes(),
        b"echo",
    ]
    .concat();
    let native = [&u32::try_from(inner.len()).unwrap().to_le_bytes()[..], &inner].concat();
    let contents = read_file("oleObject1.bin", &compound(&[("/\u{1}Ole10Native", &native)]));
    let inner = contents.files[1].inner.as_ref().unwrap();
    assert_eq!(
        (inner.name.as_deref(), &*inner.bytes, inner.is_part),
        (Some("run.bat"), &b"echo"[..], false)
    );
}

#[test]
fn a_document_of_pieces_gives_its_text_and_fields() {
    let text = "see \u{13}HYPERLINK \"http://a/\"\u{14}here\u{15}\rend\r";
    let mut document = vec![0_u8; 0x400];
    document[0x1a2..0x1a6].copy_from_slice(&0_u32.to_le_bytes());
    document[0x1a6..0x1aa].copy_from_slice(&21_u32.to_le_bytes());
    document.extend(text.bytes());
    let length = u32::try_from(text.len()).unwrap();
    let table = [
        &[2][..],
        &16_u32.to_le_bytes(),
        &0_u32.to_le_bytes(),
        &length.to_le_bytes(),
        &[0, 0],
        &((0x400_u32 * 2) | (1 << 30)).to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    let contents = read_file("a.doc", &compound(&[("/WordDocument", &document), ("/0Table", &table)]));
    assert_eq!(texts(&contents), [(String::new(), "see here\nend".to_owned())]);
    assert!(matches!(&contents.files[0].pieces[0].what, What::Links(links) if links[0].shown == "here"));
}

#[test]
fn strings_of_old_workbooks_go_on_in_the_next_record() {
    let one = |kind: u16, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    };
    let strings = [
        &1_u32.to_le_bytes()[..],
        &1_u32.to_le_bytes(),
        &6_u16.to_le_bytes(),
        b"\0abc",
    ]
    .concat();
    let concat = b"\x17\x05\0http:\x17\x03\0//a\x08";
    let length = u16::try_from(concat.len()).unwrap();
    let formula = [&[0; 20][..], &length.to_le_bytes(), concat].concat();
    let book = [
        one(0x809, &[0; 8]),
        one(0x85, b"\0\0\0\0\0\x01\x02\0M1"),
        one(0xfc, &strings),
        one(0x3c, b"\x01d\0e\0f\0"),
        one(0x809, &[0; 8]),
        one(0xfd, &[0; 10]),
        one(0x06, &formula),
    ]
    .concat();
    assert_eq!(
        texts(&read_file("a.xls", &compound(&[("/Workbook", &book)]))),
        [
            ("macro sheet M1".to_owned(), "\"http:\"&\"//a\"".to_owned()),
            ("macro sheet M1, joined strings".to_owned(), "http://a".to_owned()),
            ("sheet M1".to_owned(), "abcdef".to_owned())
        ]
    );
}

#[test]
fn what_is_no_compound_file_or_ends_early_is_told_and_nothing_else() {
    let whole = compound(&[("/WordDocument", &[0; 5000]), ("/VBA/dir", b"\x01\xff\xff")]);
    for length in [8, 100, 512, 1024, whole.len() - 1] {
        let contents = read_file("a.doc", &whole[..length]);
        assert!(texts(&contents).is_empty());
    }
}

#[test]
fn an_encryption_that_is_described_by_half_is_told_as_broken() {
    let package = [&64_u64.to_le_bytes()[..], &[7; 64]].concat();
    let standard = [
        &[2, 0, 2, 0][..],
        &36_u32.to_le_bytes(),
        &500_u32.to_le_bytes(),
        &[0; 8],
        &[0x0e, 0x66, 0, 0],
        &[0; 4],
        &[128, 0, 0, 0],
    ]
    .concat();
    for info in [&[][..], &[4, 0], &[4, 0, 4, 0, 0x40, 0, 0, 0], &standard] {
        let file = compound(&[("/EncryptedPackage", &package), ("/EncryptionInfo", info)]);
        let contents = read_file("a.docx", &file);
        let codes: Vec<&str> = contents.notes.iter().map(|note| &*note.code).collect();
        assert_eq!(codes, ["contents_broken"], "{info:?}: {:?}", contents.notes);
        assert!(!contents.notes[0].text.contains(crate::contents::FAULT));
    }
}
