//! The version resource of a Windows executable: what its maker says about it (Microsoft's `VS_VERSIONINFO`).

use super::headers::Headers;
use crate::file::read::Reader;
use crate::file::section::Fields;

const VERSION: u32 = 16;
/// Names in the resource, and their relations in MISP's `pe` object.
const RELATIONS: [(&str, &str); 8] = [
    ("OriginalFilename", "original-filename"),
    ("InternalName", "internal-filename"),
    ("FileDescription", "file-description"),
    ("FileVersion", "file-version"),
    ("ProductName", "product-name"),
    ("ProductVersion", "product-version"),
    ("CompanyName", "company-name"),
    ("LegalCopyright", "legal-copyright"),
];
/// Most blocks inside a block; a real table has about ten strings.
const MAX_CHILDREN: usize = 200;

pub(super) fn read(headers: &Headers, rva: u32, fields: &mut Fields) {
    if let Some(resource) = find(headers, rva)
        && let Some((language, strings)) = strings(resource)
    {
        for (key, relation) in RELATIONS {
            let value = strings
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value.clone());
            fields.extend(value.filter(|value| !value.is_empty()).map(|value| (relation, value)));
        }
        fields.push(("lang-id", language));
    }
}

/// The resources are a tree of three levels: type, name, language. Takes the first name and language of the type.
fn find<'a>(headers: &Headers<'a>, rva: u32) -> Option<Reader<'a>> {
    const DIRECTORY: u32 = 0x8000_0000;
    let root = headers.offset(rva)?;
    let reader = headers.reader;
    let entries = |directory: usize| {
        let count = usize::from(reader.u16(directory + 12)?) + usize::from(reader.u16(directory + 14)?);
        Some((0..count.min(4096)).map(move |index| directory + 16 + index * 8))
    };
    let below = |entry: usize| {
        let child = reader.u32(entry + 4).filter(|child| child & DIRECTORY != 0)? & !DIRECTORY;
        root.checked_add(usize::try_from(child).ok()?)
    };
    let kind = entries(root)?.find(|entry| reader.u32(*entry) == Some(VERSION))?;
    let name = entries(below(kind)?)?.next()?;
    let language = entries(below(name)?)?.next()?;
    let leaf = root.checked_add(usize::try_from(reader.u32(language + 4)?).ok()?)?;
    let (rva, len) = (reader.u32(leaf)?, usize::try_from(reader.u32(leaf + 4)?).ok()?);
    let bytes = reader.bytes.get(headers.offset(rva)?..)?;
    bytes.get(..len.min(bytes.len())).map(Reader::little)
}

/// A block: `wLength`, `wValueLength`, `wType`, a key in UTF-16, padding, a value, padding, further blocks.
struct Block<'a> {
    key: String,
    /// Everything after header, key and padding.
    rest: Reader<'a>,
    value_len: usize,
    /// Distance to the next block.
    len: usize,
}

/// Blocks begin at multiples of four within the resource. So does every slice taken here.
fn aligned(at: usize) -> usize {
    at.next_multiple_of(4)
}

fn block(reader: Reader<'_>, at: usize) -> Option<Block<'_>> {
    let len = usize::from(reader.u16(at)?);
    let bytes = reader.bytes.get(at..)?;
    let bytes = bytes.get(..len.min(bytes.len()))?;
    let key = utf16(bytes.get(6..)?);
    let value_at = aligned(6 + (key.encode_utf16().count() + 1) * 2);
    Some(Block {
        key,
        rest: Reader::little(bytes.get(value_at..).unwrap_or_default()),
        value_len: usize::from(reader.u16(at + 2)?),
        len: aligned(len),
    })
}

fn blocks(reader: Reader<'_>, from: usize) -> impl Iterator<Item = Block<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let block = block(reader, at).filter(|block| block.len >= 8)?;
        at += block.len;
        Some(block)
    })
    .take(MAX_CHILDREN)
}

/// Language and strings of the first table.
fn strings(resource: Reader) -> Option<(String, Vec<(String, String)>)> {
    let root = block(resource, 0).filter(|root| root.key == "VS_VERSION_INFO")?;
    let tables = blocks(root.rest, aligned(root.value_len)).find(|child| child.key == "StringFileInfo")?;
    let table = blocks(tables.rest, 0).next()?;
    let strings = blocks(table.rest, 0)
        .map(|string| (string.key, utf16(string.rest.bytes).trim().to_owned()))
        .collect();
    Some((table.key, strings))
}

/// The text up to the first NUL.
fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(u16::from_le_bytes);
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
