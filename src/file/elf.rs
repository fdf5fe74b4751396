//! Reads the structure of an ELF file (System V ABI, chapter 4) into the fields of MISP's `elf` and `elf-section`.

use super::read::{Reader, padded_name};
use super::section::{Budget, Fields, MAX_SECTIONS};
use super::{Executable, Section};

/// Type of a section that has room in memory and no bytes in the file.
const NOBITS: u32 = 8;

/// Offsets of fields, for one width of addresses.
struct Layout {
    entry: usize,
    table: usize,
    /// Bytes of an address or size.
    word: usize,
    sizes: usize,
    flags: usize,
    offset: usize,
    size: usize,
    header: usize,
}

const NARROW: Layout = Layout {
    entry: 24,
    table: 32,
    word: 4,
    sizes: 46,
    flags: 8,
    offset: 16,
    size: 20,
    header: 40,
};
const WIDE: Layout = Layout {
    entry: 24,
    table: 40,
    word: 8,
    sizes: 58,
    flags: 8,
    offset: 24,
    size: 32,
    header: 64,
};

struct Header {
    name: String,
    kind: u32,
    flags: u64,
    offset: u64,
    size: u64,
}

pub(super) fn read(bytes: &[u8]) -> Option<Executable> {
    if bytes.get(..4)? != b"\x7fELF" {
        return None;
    }
    let layout = match bytes.get(4)? {
        1 => NARROW,
        2 => WIDE,
        _ => return None,
    };
    let reader = Reader {
        bytes,
        big_endian: *bytes.get(5)? == 2,
    };
    let machine = reader.u16(18)?;
    let mut fields: Fields = vec![
        ("type", kind(reader.u16(16)?).to_owned()),
        (
            "entrypoint-address",
            reader.number(layout.entry, layout.word)?.to_string(),
        ),
    ];
    fields.push((
        "arch",
        architecture(machine).map_or_else(|| machine.to_string(), str::to_owned),
    ));
    let abi = *bytes.get(7)?;
    fields.push(("os_abi", os_abi(abi).map_or_else(|| abi.to_string(), str::to_owned)));

    let (headers, count) = sections(reader, &layout);
    fields.push(("number-sections", count.to_string()));
    let mut budget = Budget::of(bytes);
    let sections = headers
        .iter()
        .map(|header| section(reader, header, &mut budget))
        .collect();
    Some(Executable {
        template: "elf",
        fields,
        sections,
    })
}

/// The first [`MAX_SECTIONS`] sections that have a name, and how many have one.
fn sections(reader: Reader, layout: &Layout) -> (Vec<Header>, usize) {
    let header = |index: usize| {
        let table = usize::try_from(reader.number(layout.table, layout.word)?).ok()?;
        let at = table.checked_add(index.checked_mul(layout.header)?)?;
        reader.slice(at, layout.header)?;
        Some((
            reader.u32(at)?,
            Header {
                name: String::new(),
                kind: reader.u32(at + 4)?,
                flags: reader.number(at + layout.flags, layout.word)?,
                offset: reader.number(at + layout.offset, layout.word)?,
                size: reader.number(at + layout.size, layout.word)?,
            },
        ))
    };
    let (Some(size), Some(count), Some(names)) = (
        reader.u16(layout.sizes),
        reader.u16(layout.sizes + 2),
        reader.u16(layout.sizes + 4),
    ) else {
        return (Vec::new(), 0);
    };
    if usize::from(size) != layout.header {
        return (Vec::new(), 0);
    }
    let names = header(usize::from(names)).map_or(&[][..], |(_, names)| reader.at_most(names.offset, names.size));
    let with_name = |(name, header): (u32, Header)| {
        let from = usize::try_from(name).ok()?;
        let rest = names.get(from..)?;
        let name = padded_name(rest.get(..rest.len().min(256))?);
        (!name.is_empty()).then_some(Header { name, ..header })
    };
    let (mut kept, mut total) = (Vec::new(), 0);
    for header in (0..usize::from(count)).map_while(header).filter_map(with_name) {
        total += 1;
        if kept.len() < MAX_SECTIONS {
            kept.push(header);
        }
    }
    (kept, total)
}

fn section(reader: Reader, header: &Header, budget: &mut Budget) -> Section {
    let mut fields: Fields = vec![("name", header.name.clone())];
    fields.push((
        "type",
        section_kind(header.kind).map_or_else(|| format!("{:#x}", header.kind), str::to_owned),
    ));
    fields.extend(
        FLAGS
            .iter()
            .filter(|(bit, _)| header.flags & bit != 0)
            .map(|(_, name)| ("flag", (*name).to_owned())),
    );
    fields.push(("size-in-bytes", header.size.to_string()));
    let content = if header.kind == NOBITS {
        &[]
    } else {
        reader.at_most(header.offset, header.size)
    };
    budget.section(fields, content)
}

fn kind(value: u16) -> &'static str {
    match value {
        1 => "RELOCATABLE",
        2 => "EXECUTABLE",
        3 => "DYNAMIC",
        4 => "CORE",
        0xff00..=0xfffe => "LOPROC",
        0xffff => "HIPROC",
        _ => "NONE",
    }
}

/// The machines that Linux malware is built for. Others keep their number.
fn architecture(value: u16) -> Option<&'static str> {
    Some(match value {
        0 => "None",
        1 => "M32",
        2 => "SPARC",
        3 => "i386",
        4 => "ARCH_68K",
        7 => "ARCH_860",
        8 => "MIPS",
        10 => "MIPS_RS3_LE",
        15 => "PARISC",
        18 => "SPARC32PLUS",
        20 => "PPC",
        21 => "PPC64",
        22 => "S390",
        40 => "ARM",
        41 => "ALPHA",
        42 => "SH",
        43 => "SPARCV9",
        45 => "ARC",
        50 => "IA_64",
        62 => "x86_64",
        94 => "XTENSA",
        183 => "AARCH64",
        195 => "ARC_COMPACT2",
        243 => "RISCV",
        247 => "BPF",
        258 => "LOONGARCH",
        _ => return None,
    })
}

fn os_abi(value: u8) -> Option<&'static str> {
    Some(match value {
        0 => "SYSTEMV",
        1 => "HPUX",
        2 => "NETBSD",
        3 => "GNU",
        4 => "HURD",
        6 => "SOLARIS",
        7 => "AIX",
        8 => "IRIX",
        9 => "FREEBSD",
        10 => "TRU64",
        11 => "MODESTO",
        12 => "OPENBSD",
        13 => "OPENVMS",
        14 => "NSK",
        15 => "AROS",
        16 => "FENIXOS",
        17 => "CLOUDABI",
        97 => "ARM",
        255 => "STANDALONE",
        _ => return None,
    })
}

fn section_kind(value: u32) -> Option<&'static str> {
    Some(match value {
        0 => "NULL",
        1 => "PROGBITS",
        2 => "SYMTAB",
        3 => "STRTAB",
        4 => "RELA",
        5 => "HASH",
        6 => "DYNAMIC",
        7 => "NOTE",
        NOBITS => "NOBITS",
        9 => "REL",
        10 => "SHLIB",
        11 => "DYNSYM",
        14 => "INIT_ARRAY",
        15 => "FINI_ARRAY",
        16 => "PREINIT_ARRAY",
        17 => "GROUP",
        18 => "SYMTAB_SHNDX",
        0x6fff_fff5 => "GNU_ATTRIBUTES",
        0x6fff_fff6 => "GNU_HASH",
        0x6fff_fffd => "GNU_VERDEF",
        0x6fff_fffe => "GNU_VERNEED",
        0x6fff_ffff => "GNU_VERSYM",
        0x7000_0001 => "X86_64_UNWIND",
        0x7000_0003 => "ARM_ATTRIBUTES",
        0x7000_0006 => "MIPS_REGINFO",
        0x7000_000d => "MIPS_OPTIONS",
        0x7000_002a => "MIPS_ABIFLAGS",
        _ => return None,
    })
}

const FLAGS: [(u64, &str); 12] = [
    (0x1, "WRITE"),
    (0x2, "ALLOC"),
    (0x4, "EXECINSTR"),
    (0x10, "MERGE"),
    (0x20, "STRINGS"),
    (0x40, "INFO_LINK"),
    (0x80, "LINK_ORDER"),
    (0x100, "OS_NONCONFORMING"),
    (0x200, "GROUP"),
    (0x400, "TLS"),
    (0x800, "COMPRESSED"),
    (0x8000_0000, "EXCLUDE"),
];

#[cfg(test)]
#[path = "elf_tests.rs"]
mod tests;
