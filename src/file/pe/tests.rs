//! Facts about Windows executables made here byte by byte.

use super::*;
use crate::file::section::MAX_SECTIONS;

const SECTOR: usize = 0x200;

fn set(file: &mut [u8], at: usize, bytes: &[u8]) {
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

fn set32(file: &mut [u8], at: usize, number: usize) {
    set(file, at, &u32::try_from(number).unwrap().to_le_bytes());
}

/// The offset in the file of `.rdata` at 0x2000.
const DATA: usize = 2 * SECTOR;

/// Sections `.text` (0x1000) and `.rdata` (0x2000), with imports by name and by number, a path of symbols and a version.
fn tiny(wide: bool) -> Vec<u8> {
    let mut file = vec![0; DATA + 2 * SECTOR];
    set(&mut file, 0, b"MZ");
    set32(&mut file, 0x3c, 0x40);
    set(&mut file, 0x40, b"PE\0\0\x4c\x01\x02\x00");
    set32(&mut file, 0x48, 1_119_361_230); // 2005-06-21 13:40:30
    let optional = 0x58;
    let directories = optional + if wide { 112 } else { 96 };
    let table = directories + 16 * 8;
    set(&mut file, 0x54, &u16::try_from(table - optional).unwrap().to_le_bytes());
    set(&mut file, 0x56, &EXECUTABLE_IMAGE.to_le_bytes());
    set(&mut file, optional, if wide { b"\x0b\x02" } else { b"\x0b\x01" });
    set32(&mut file, optional + 16, 0x1004);
    set32(&mut file, optional + if wide { 24 } else { 28 }, 0x40_0000);
    set32(&mut file, directories - 4, 16);
    for (index, rva, size) in [(IMPORTS, 0x2000, 60), (RESOURCES, 0x2100, 0x200), (DEBUG, 0x20a0, 28)] {
        set32(&mut file, directories + index * 8, rva);
        set32(&mut file, directories + index * 8 + 4, size);
    }
    for (index, name, rva, size, at) in [
        (0, b".text\0", 0x1000, 0x200, SECTOR),
        (1, b".rdata", 0x2000, 0x400, DATA),
    ] {
        let header = table + index * 40;
        set(&mut file, header, name);
        for (field, number) in [(8, 0x1000), (12, rva), (16, size), (20, at)] {
            set32(&mut file, header + field, number);
        }
    }
    set(&mut file, SECTOR, b"code");
    imports(&mut file, wide);
    debug(&mut file);
    version(&mut file);
    file
}

fn imports(file: &mut [u8], wide: bool) {
    let (width, by_number) = if wide { (8, 7) } else { (4, 3) };
    for (index, name, lookup) in [(0, 0x2080, 0x2040), (1, 0x2090, 0x2060)] {
        set32(file, DATA + index * 20, lookup);
        set32(file, DATA + index * 20 + 12, name);
    }
    set32(file, DATA + 0x40, 0x20c0);
    set(file, DATA + 0x60, &[115]); // WSAStartup
    file[DATA + 0x60 + by_number] = 0x80;
    set(file, DATA + 0x60 + width, &[0xff, 0x7f]); // nobody knows this one
    file[DATA + 0x60 + width + by_number] = 0x80;
    set(file, DATA + 0x80, b"KERNEL32.dll\0");
    set(file, DATA + 0x90, b"WS2_32.dll\0");
    set(file, DATA + 0xc0, b"\0\0ExitProcess\0");
}

fn debug(file: &mut [u8]) {
    set32(file, DATA + 0xa0 + 12, 2);
    set32(file, DATA + 0xa0 + 24, DATA + 0xd0);
    set(file, DATA + 0xd0, b"RSDS");
    set(file, DATA + 0xd0 + 24, b"C:\\evil\\bot.pdb\0");
}

fn version(file: &mut [u8]) {
    let tree = DATA + 0x100;
    for (at, id, child) in [
        (0, VERSION_TYPE, 0x8000_0018),
        (0x18, 1, 0x8000_0030),
        (0x30, 0x409, 0x48),
    ] {
        set(file, tree + at + 14, &[1, 0]);
        set32(file, tree + at + 16, id);
        set32(file, tree + at + 20, child);
    }
    let block = version_block(
        "VS_VERSION_INFO",
        &[0; 52],
        &[version_block(
            "StringFileInfo",
            &[],
            &[version_block(
                "040904b0",
                &[],
                &[
                    version_block("CompanyName", &utf16("Contoso"), &[]),
                    version_block("OriginalFilename", &utf16("bot.exe"), &[]),
                    version_block("InternalName", &utf16(""), &[]),
                ],
            )],
        )],
    );
    set32(file, tree + 0x48, 0x2158);
    set32(file, tree + 0x4c, block.len());
    set(file, tree + 0x58, &block);
}

const VERSION_TYPE: usize = 16;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn version_block(key: &str, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let pad = |bytes: &mut Vec<u8>| bytes.resize(bytes.len().next_multiple_of(4), 0);
    let mut bytes = vec![0; 6];
    bytes[2] = u8::try_from(value.len()).unwrap();
    bytes.extend(utf16(key));
    pad(&mut bytes);
    bytes.extend(value);
    for child in children {
        pad(&mut bytes);
        bytes.extend(child);
    }
    let len = u16::try_from(bytes.len()).unwrap();
    set(&mut bytes, 0, &len.to_le_bytes());
    bytes
}

fn value<'a>(executable: &'a Executable, relation: &str) -> Option<&'a str> {
    executable
        .fields
        .iter()
        .find(|(name, _)| *name == relation)
        .map(|(_, value)| value.as_str())
}

#[test]
fn a_tiny_executable_is_read_field_by_field_in_both_widths() {
    // What pefile 2024.8.26 says of these two files.
    for (wide, imphash) in [(false, IMPHASH), (true, IMPHASH)] {
        let read = read(&tiny(wide)).unwrap();
        for (relation, expected) in [
            ("type", "exe"),
            ("entrypoint-address", "4198404"),
            ("compilation-timestamp", "2005-06-21T13:40:30+00:00"),
            ("imphash", imphash),
            ("original-filename", "bot.exe"),
            ("company-name", "Contoso"),
            ("lang-id", "040904b0"),
            ("pdb", "C:\\evil\\bot.pdb"),
            ("entrypoint-section-at-position", ".text|0"),
            ("number-sections", "2"),
        ] {
            assert_eq!(value(&read, relation), Some(expected), "{relation}, wide: {wide}");
        }
        assert_eq!(value(&read, "internal-filename"), None, "an empty string says nothing");
        assert_eq!(read.sections.len(), 2);
        assert_eq!(
            read.sections[0].fields[..2],
            [("name", ".text".to_owned()), ("size-in-bytes", "512".to_owned())]
        );
    }
}

/// MD5 of `kernel32.exitprocess,ws2_32.wsastartup,ws2_32.ord32767`.
const IMPHASH: &str = "2ce62dd18a42500ed147fcbbe4b542f0";

#[test]
fn a_signature_does_not_change_the_authentihash() {
    let plain = tiny(false);
    let mut signed = plain.clone();
    let end = signed.len();
    signed.extend(b"certificate");
    set32(&mut signed, 0x58 + 96 + CERTIFICATES * 8, end);
    set32(&mut signed, 0x58 + 96 + CERTIFICATES * 8 + 4, 11);
    set32(&mut signed, 0x58 + 64, 0x1234_5678); // the checksum
    let hash = |file: &[u8]| value(&read(file).unwrap(), "authentihash").unwrap().to_owned();
    assert_eq!(hash(&plain), hash(&signed));
    signed[SECTOR] ^= 1;
    assert_ne!(hash(&plain), hash(&signed));
}

#[test]
fn what_imports_the_kernel_is_a_driver_and_the_header_says_what_is_a_library() {
    let mut file = tiny(false);
    set(&mut file, DATA + 0x90, b"NDIS.sys\0");
    assert_eq!(value(&read(&file).unwrap(), "type"), Some("driver"));
    set(&mut file, 0x56, &DLL.to_le_bytes());
    assert_eq!(value(&read(&file).unwrap(), "type"), Some("dll"));
    set(&mut file, 0x56, &[0, 0]);
    set(&mut file, DATA + 0x90, b"x.dll\0");
    assert_eq!(value(&read(&file).unwrap(), "type"), Some("unknown"));
}

#[test]
fn a_broken_import_table_gives_no_imphash_and_keeps_the_rest() {
    let mut file = tiny(false);
    set32(&mut file, 0x58 + 96 + IMPORTS * 8, 0x7fff_0000);
    let read = read(&file).unwrap();
    assert_eq!(value(&read, "imphash"), None);
    assert_eq!(value(&read, "number-sections"), Some("2"));
}

#[test]
fn more_sections_than_make_sense_are_counted_and_left_out() {
    let mut file = tiny(false);
    file.resize(40 * 1000, 0);
    set(&mut file, 0x46, &900_u16.to_le_bytes());
    let table = 0x58 + 96 + 128;
    for index in 0..900 {
        for (field, number) in [(8, 0x1000), (12, 0x1000 * (index + 1)), (16, 39_000), (20, 0)] {
            set32(&mut file, table + index * 40 + field, number);
        }
    }
    let read = read(&file).unwrap();
    assert_eq!(value(&read, "number-sections"), Some("900"));
    assert_eq!(read.sections.len(), MAX_SECTIONS);
    let hashed = read
        .sections
        .iter()
        .filter(|section| section.fields.iter().any(|(name, _)| *name == "md5"))
        .count();
    assert_eq!(hashed, 2, "sections that overlap are hashed up to twice the file");
}

#[test]
fn no_change_of_a_byte_and_no_cut_breaks_the_reader() {
    for wide in [false, true] {
        let file = tiny(wide);
        for at in 0..file.len() {
            if at % 7 == 0 {
                read(&file[..at]);
            }
            for value in [0, 0x7f, 0xff] {
                let mut file = file.clone();
                file[at] = value;
                read(&file);
            }
        }
    }
}
