//! Reads the structure of a Mach-O file (Apple's `mach-o/loader.h`) into the fields of MISP's `macho` and
//! `macho-section`. Of a universal file it reads the first architecture.

use super::read::{Reader, padded_name};
use super::section::{Budget, Fields, MAX_SECTIONS};
use super::{Executable, Section};

const SEGMENT: u32 = 0x1;
const UNIX_THREAD: u32 = 0x5;
const SEGMENT_64: u32 = 0x19;
const MAIN: u32 = 0x8000_0028;
const MAX_COMMANDS: u32 = 4096;
/// Types of sections without bytes in the file: zerofill, gigabyte zerofill, thread-local zerofill.
const ZEROFILL: [u32; 3] = [0x1, 0xc, 0x12];

struct Header {
    name: String,
    size: u64,
    offset: u64,
    zerofill: bool,
}

#[derive(Default)]
struct Commands {
    sections: Vec<Header>,
    total: usize,
    /// The address of `__TEXT`, to which the offset of `LC_MAIN` is added.
    text: Option<u64>,
    main: Option<u64>,
    thread: Option<u64>,
}

pub(super) fn read(bytes: &[u8]) -> Option<Executable> {
    let reader = thin(bytes)?;
    let wide = match reader.u32(0)? {
        0xfeed_face => false,
        0xfeed_facf => true,
        _ => return None,
    };
    let kind = kind(reader.u32(12)?)?;
    let commands = read_commands(reader, wide);
    let mut fields: Fields = vec![("type", kind.to_owned())];
    let main = commands
        .main
        .map(|offset| offset.wrapping_add(commands.text.unwrap_or(0)));
    fields.extend(
        main.or(commands.thread)
            .map(|address| ("entrypoint-address", address.to_string())),
    );
    fields.push(("number-sections", commands.total.to_string()));
    let mut budget = Budget::of(reader.bytes);
    let sections = commands
        .sections
        .iter()
        .map(|header| section(reader, header, &mut budget))
        .collect();
    Some(Executable {
        template: "macho",
        fields,
        sections,
    })
}

/// The file itself, or the first file inside a universal one.
fn thin(bytes: &[u8]) -> Option<Reader<'_>> {
    let inner = match bytes.get(..4)? {
        // A Java class has the same first bytes. There the next four are a version, which is larger than any number of
        // architectures.
        [0xca, 0xfe, 0xba, 0xbe] => {
            let reader = Reader {
                bytes,
                big_endian: true,
            };
            if reader.u32(4)? > 20 {
                return None;
            }
            reader.at_most(u64::from(reader.u32(16)?), u64::from(reader.u32(20)?))
        }
        _ => bytes,
    };
    let big_endian = inner.first()? == &0xfe;
    Some(Reader {
        bytes: inner,
        big_endian,
    })
}

fn read_commands(reader: Reader, wide: bool) -> Commands {
    let mut commands = Commands::default();
    let mut at = if wide { 32 } else { 28 };
    for _ in 0..reader.u32(16).unwrap_or(0).min(MAX_COMMANDS) {
        let (Some(command), Some(size)) = (
            reader.u32(at),
            reader.u32(at + 4).and_then(|size| usize::try_from(size).ok()),
        ) else {
            break;
        };
        match command {
            SEGMENT => segment(reader, at, false, &mut commands),
            SEGMENT_64 => segment(reader, at, true, &mut commands),
            MAIN => commands.main = reader.number(at + 8, 8),
            UNIX_THREAD => commands.thread = program_counter(reader, at),
            _ => {}
        }
        match at.checked_add(size) {
            Some(next) if size >= 8 => at = next,
            _ => break,
        }
    }
    commands
}

fn segment(reader: Reader, at: usize, wide: bool, commands: &mut Commands) {
    // Bytes of an address; offsets of the number of sections and of the first section; bytes of a section.
    let (word, count, first, len) = if wide { (8, 64, 72, 80) } else { (4, 48, 56, 68) };
    if reader.slice(at + 8, 7) == Some(b"__TEXT\0") {
        commands.text = reader.number(at + 24, word);
    }
    let header = |index: usize| {
        let at = at.checked_add(first)?.checked_add(index.checked_mul(len)?)?;
        reader.slice(at, len)?;
        Some(Header {
            name: padded_name(reader.slice(at, 16)?),
            size: reader.number(at + 32 + word, word)?,
            offset: reader.number(at + 32 + 2 * word, 4)?,
            zerofill: ZEROFILL.contains(&(reader.u32(at + 32 + 2 * word + 16)? & 0xff)),
        })
    };
    let count = reader
        .u32(at + count)
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0);
    let left = MAX_SECTIONS - commands.sections.len();
    commands.sections.extend((0..count.min(left)).map_while(header));
    commands.total = commands.total.saturating_add(count.min(reader.bytes.len() / len));
}

/// The program counter in a thread's first state; its place depends on the processor.
fn program_counter(reader: Reader, at: usize) -> Option<u64> {
    let (register, width) = match reader.u32(4)? {
        7 => (10, 4),           // i386: eip
        0x0100_0007 => (16, 8), // x86_64: rip
        12 => (15, 4),          // ARM: pc
        0x0100_000c => (32, 8), // ARM64: pc
        18 => (0, 4),           // PowerPC: srr0
        0x0100_0012 => (0, 8),  // PowerPC 64
        _ => return None,
    };
    reader.number(at.checked_add(16 + register * width)?, width)
}

fn section(reader: Reader, header: &Header, budget: &mut Budget) -> Section {
    let mut fields: Fields = Vec::new();
    if !header.name.is_empty() {
        fields.push(("name", header.name.clone()));
    }
    fields.push(("size-in-bytes", header.size.to_string()));
    let content = if header.zerofill {
        &[]
    } else {
        reader.at_most(header.offset, header.size)
    };
    budget.section(fields, content)
}

fn kind(value: u32) -> Option<&'static str> {
    Some(match value {
        1 => "OBJECT",
        2 => "EXECUTE",
        3 => "FVMLIB",
        4 => "CORE",
        5 => "PRELOAD",
        6 => "DYLIB",
        7 => "DYLINKER",
        8 => "BUNDLE",
        9 => "DYLIB_STUB",
        10 => "DSYM",
        11 => "KEXT_BUNDLE",
        _ => return None,
    })
}

#[cfg(test)]
#[path = "macho_tests.rs"]
mod tests;
