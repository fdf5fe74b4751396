//! The type of a file by its content, with libmagic's names. The file's name decides only between kinds of text.
//!
//! Tried: infer 0.22 agrees with libmagic on 28 of 63 types, differs on 14, and does not know 21, among them shortcuts,
//! notebooks and disk images. It takes `BMW is a car` for a picture.

use super::UNKNOWN_TYPE;
use super::read::Reader;
use memchr::memmem;

mod disk;
mod text;

pub use disk::{Boot, boot};

/// Offset, bytes, type. The first row that fits counts.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "text/rtf"),
    (0, b"Rar!\x1a\x07", "application/x-rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\x04\x22\x4d\x18", "application/x-lz4"),
    (0, b"LZIP\x01", "application/x-lzip"),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (0, b"ITSF\x03\0\0\0", "application/vnd.ms-htmlhelp"),
    (257, b"ustar", "application/x-tar"),
    (7, b"**ACE**", "application/x-ace-compressed"),
    (0, b"\x60\xea", "application/x-arj"),
    (2, b"-lh", "application/x-lzh-compressed"),
    (0, b"!<arch>\ndebian", "application/vnd.debian.binary-package"),
    (0, b"!<arch>", "application/x-archive"),
    (0, b"\xed\xab\xee\xdb", "application/x-rpm"),
    (
        0,
        b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46",
        "application/x-ms-shortcut",
    ),
    (
        0,
        b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3",
        "application/onenote",
    ),
    (0x8001, b"CD001", "application/x-iso9660-image"),
    (0x8001, b"BEA01", "application/x-udf-image"),
    (0x8001, b"NSR0", "application/x-udf-image"),
    (0, b"vhdxfile", "application/x-vhdx-disk"),
    (0, b"conectix", "application/x-vhd-disk"),
    (0, b"QFI\xfb", "application/x-qemu-disk"),
    (0, b"KDMV", "application/x-vmdk-disk"),
    (0, b"MSWIM\0\0\0", "application/x-ms-wim"),
    (0, b"\0asm", "application/wasm"),
    (0, b"dex\n03", "application/vnd.android.dex"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (0, b"!BDN", "application/vnd.ms-outlook-pst"),
    (0, b"FWS", "application/vnd.adobe.flash.movie"),
    (0, b"CWS", "application/vnd.adobe.flash.movie"),
    (0, b"ZWS", "application/vnd.adobe.flash.movie"),
    (0, b"%!PS", "application/postscript"),
    (0, b"Cr24", "application/x-chrome-extension"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"8BPS\0\x01", "image/vnd.adobe.photoshop"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (40, b" EMF\0\0\x01\0", "image/emf"),
    (0, b"\0\0\x01\0", "image/vnd.microsoft.icon"),
    (0, b"AT&TFORM", "image/vnd.djvu"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS\0", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd", "audio/midi"),
    (0, b"#!AMR", "audio/AMR"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO\0", "font/otf"),
    (0, b"\0\x01\0\0\0", "font/sfnt"),
    (0, b"SIMPLE  =", "image/fits"),
];

pub(super) fn of(bytes: &[u8], name: Option<&str>) -> String {
    if bytes.is_empty() {
        return "application/x-empty".to_owned();
    }
    by_signature(bytes)
        .or_else(|| text::of(bytes, name))
        .unwrap_or(UNKNOWN_TYPE)
        .to_owned()
}

fn by_signature(bytes: &[u8]) -> Option<&'static str> {
    executable(bytes).or_else(|| container(bytes)).or_else(|| {
        let fits =
            |(at, magic, _): &&(usize, &[u8], &str)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic));
        let known = SIGNATURES.iter().find(fits).map(|(_, _, mime)| *mime);
        known.or_else(|| disk::of(bytes))
    })
}

/// A signature of a few letters may also begin a sentence, so a file that looks like text is text. Only a PDF may consist of
/// text characters alone.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    match by_signature(bytes) {
        Some("application/pdf") => true,
        Some(_) => !text::looks_like_text(bytes),
        None => text::is_garbled(bytes),
    }
}

fn executable(bytes: &[u8]) -> Option<&'static str> {
    let little = Reader::little(bytes);
    match bytes.get(..4)? {
        [b'M', b'Z', ..] => {
            let header = little.u32(0x3c).and_then(|at| usize::try_from(at).ok());
            let portable = header.and_then(|at| little.slice(at, 4)) == Some(b"PE\0\0");
            // Any text may begin with these two letters; a DOS program has bytes that no text has.
            let plain = text::looks_like_text(bytes);
            (portable || !plain).then_some(if portable {
                "application/vnd.microsoft.portable-executable"
            } else {
                "application/x-dosexec"
            })
        }
        b"\x7fELF" => {
            let reader = Reader {
                bytes,
                big_endian: bytes.get(5) == Some(&2),
            };
            Some(match reader.u16(16) {
                Some(1) => "application/x-object",
                Some(2) => "application/x-executable",
                Some(3) if is_position_independent(reader) == Some(true) => "application/x-pie-executable",
                Some(3) => "application/x-sharedlib",
                Some(4) => "application/x-coredump",
                _ => UNKNOWN_TYPE,
            })
        }
        b"\xca\xfe\xba\xbe" => {
            let architectures = Reader {
                bytes,
                big_endian: true,
            }
            .u32(4)?;
            Some(if architectures <= 20 {
                "application/x-mach-binary"
            } else {
                "application/x-java-applet"
            })
        }
        b"\xfe\xed\xfa\xce" | b"\xfe\xed\xfa\xcf" | b"\xce\xfa\xed\xfe" | b"\xcf\xfa\xed\xfe" => {
            Some("application/x-mach-binary")
        }
        _ => None,
    }
}

/// Programs and shared libraries have the same ELF type; a flag in the dynamic section marks programs.
fn is_position_independent(reader: Reader) -> Option<bool> {
    const DYNAMIC: u32 = 2;
    const FLAGS_1: u64 = 0x6fff_fffb;
    const PIE: u64 = 0x0800_0000;
    let wide = reader.bytes.get(4)? == &2;
    // Bytes of an address; offsets of the segment table and of its length; in a segment, offsets of its offset and its
    // size; bytes of a segment.
    let (word, table, count, offset, size, len) = if wide {
        (8, 32, 56, 8, 32, 56)
    } else {
        (4, 28, 44, 4, 16, 32)
    };
    let table = usize::try_from(reader.number(table, word)?).ok()?;
    let mut segments = (0..usize::from(reader.u16(count)?).min(64)).filter_map(|index| table.checked_add(index * len));
    let dynamic = segments.find(|at| reader.u32(*at) == Some(DYNAMIC))?;
    let section = reader.at_most(
        reader.number(dynamic + offset, word)?,
        reader.number(dynamic + size, word)?,
    );
    let entries = Reader {
        bytes: section,
        ..reader
    };
    let flags = (0..512)
        .map(|index| index * word * 2)
        .find(|at| entries.number(*at, word) == Some(FLAGS_1))?;
    Some(entries.number(flags + word, word)? & PIE != 0)
}

/// Containers, whose type depends on what is inside.
fn container(bytes: &[u8]) -> Option<&'static str> {
    match (bytes.get(..4)?, bytes.get(8..12).unwrap_or_default()) {
        (b"PK\x03\x04", _) => Some(zip(bytes)),
        (b"PK\x05\x06", _) => Some("application/zip"),
        (b"\xd0\xcf\x11\xe0", _) => Some(compound(bytes)),
        (b"RIFF", b"WEBP") => Some("image/webp"),
        (b"RIFF", b"WAVE") => Some("audio/x-wav"),
        (b"RIFF", b"AVI ") => Some("video/x-msvideo"),
        ([b'B', b'M', ..], _) => (bytes.get(6..10)? == [0; 4]).then_some("image/bmp"),
        _ if bytes.get(4..8)? == b"ftyp" => Some(match bytes.get(8..12)? {
            b"qt  " => "video/quicktime",
            b"heic" | b"heix" => "image/heic",
            b"mif1" => "image/heif",
            b"avif" => "image/avif",
            b"M4A " => "audio/x-m4a",
            [b'3', b'g', ..] => "video/3gpp",
            _ => "video/mp4",
        }),
        _ => None,
    }
}

/// Decides by the names of the first members. Searches for the mark of each member's header, because the lengths may be
/// stored after the content.
fn zip(bytes: &[u8]) -> &'static str {
    const MEMBERS: usize = 64;
    let reader = Reader::little(bytes);
    let mut office = false;
    for at in memmem::find_iter(bytes, b"PK\x03\x04").take(MEMBERS) {
        let name = reader
            .u16(at + 26)
            .and_then(|len| reader.slice(at + 30, usize::from(len)))
            .unwrap_or_default();
        let under = |folder: &[u8]| office && name.starts_with(folder);
        match name {
            b"mimetype" => return open_document(bytes.get(at + 38..).unwrap_or_default()),
            b"AndroidManifest.xml" => return "application/vnd.android.package-archive",
            b"META-INF/MANIFEST.MF" => return "application/java-archive",
            b"[Content_Types].xml" | b"_rels/.rels" => office = true,
            _ if under(b"word/") => return "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            _ if under(b"xl/") => return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _ if under(b"ppt/") => return "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            _ => {}
        }
    }
    "application/zip"
}

fn open_document(content: &[u8]) -> &'static str {
    let kinds = [
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics",
        "application/epub+zip",
    ];
    kinds
        .into_iter()
        .find(|kind| content.starts_with(kind.as_bytes()))
        .unwrap_or("application/zip")
}

/// Decides by the names of the streams, which are in the directory as UTF-16.
fn compound(bytes: &[u8]) -> &'static str {
    const STREAMS: [(&str, &str); 6] = [
        ("__properties_version1.0", "application/vnd.ms-outlook"),
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("VisioDocument", "application/vnd.visio"),
        ("Book", "application/vnd.ms-excel"),
    ];
    const INSTALLER: [u8; 16] = [0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    if memmem::find(bytes, &INSTALLER).is_some() {
        return "application/x-msi";
    }
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &name).is_some()
    };
    STREAMS
        .iter()
        .find(|(name, _)| holds(name))
        .map_or("application/x-ole-storage", |(_, mime)| mime)
}

#[cfg(test)]
#[path = "mime_tests.rs"]
mod tests;
