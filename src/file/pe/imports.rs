//! The import table of a Windows executable and its `imphash`. The hash must equal what pefile computes, because that
//! is what everyone searches for.

use super::headers::Headers;
use crate::domain::coding::hex;
use md5::{Digest, Md5};
use std::collections::HashMap;
use std::sync::LazyLock;

/// More than any honest file has. Beyond it there is no hash, since the hash of a part would be wrong.
const MAX_FUNCTIONS: usize = 20_000;
const MAX_LIBRARIES: usize = 1_000;
const MAX_NAME: usize = 512;

#[derive(Default)]
pub(super) struct Imports {
    /// In lower case.
    pub libraries: Vec<String>,
    /// `None` without imports, or if the table is broken.
    pub hash: Option<String>,
}

/// Names of functions that are commonly imported by number, by library and number.
static ORDINALS: LazyLock<HashMap<(&str, u16), &str>> = LazyLock::new(|| {
    let mut library = "";
    let mut names = HashMap::new();
    for line in include_str!("ordinals.txt").lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            library = name;
        } else if let Some((number, name)) = line.split_once(' ')
            && let Ok(number) = number.parse()
        {
            names.insert((library, number), name);
        }
    }
    names
});

/// The MD5 of `library.function,library.function,…`, built while reading.
#[derive(Default)]
struct Hash {
    md5: Md5,
    functions: usize,
}

impl Hash {
    fn add(&mut self, library: &str, function: &str) {
        if self.functions > 0 {
            self.md5.update(b",");
        }
        self.functions += 1;
        self.md5.update(format!("{}.{function}", stem(library)).to_lowercase());
    }
}

/// A library's name without the three endings that pefile cuts off.
fn stem(library: &str) -> &str {
    match library.rsplit_once('.') {
        Some((stem, "dll" | "sys" | "ocx")) => stem,
        _ => library,
    }
}

pub(super) fn read(headers: &Headers, table: u32) -> Imports {
    let mut imports = Imports::default();
    let mut hash = Hash::default();
    let complete = read_libraries(headers, table, &mut imports.libraries, &mut hash).is_some();
    imports.hash = (complete && hash.functions > 0).then(|| hex(&hash.md5.finalize()));
    imports
}

fn read_libraries(headers: &Headers, table: u32, libraries: &mut Vec<String>, hash: &mut Hash) -> Option<()> {
    let start = headers.offset(table)?;
    for index in 0..MAX_LIBRARIES {
        let at = start + index * 20;
        let Some(descriptor) = headers.reader.slice(at, 20) else {
            return Some(());
        };
        if descriptor.iter().all(|byte| *byte == 0) {
            return Some(());
        }
        let (lookup, name, addresses) = (
            headers.reader.u32(at)?,
            headers.reader.u32(at + 12)?,
            headers.reader.u32(at + 16)?,
        );
        let Some(library) = name_at(headers, name) else {
            return Some(());
        };
        let library = library.to_lowercase();
        // Some linkers write only the second table, which the loader overwrites.
        let functions = [lookup, addresses]
            .into_iter()
            .filter(|rva| *rva != 0)
            .find_map(|rva| headers.offset(rva));
        if let Some(functions) = functions {
            read_functions(headers, &library, functions, hash)?;
        }
        libraries.push(library);
    }
    None
}

#[allow(clippy::cast_possible_truncation)] // the upper bits of an entry are flags
fn read_functions(headers: &Headers, library: &str, table: usize, hash: &mut Hash) -> Option<()> {
    let (width, by_number) = if headers.wide { (8, 1 << 63) } else { (4, 1 << 31) };
    for index in 0.. {
        let Some(entry) = headers
            .reader
            .number(table + index * width, width)
            .filter(|entry| *entry != 0)
        else {
            break;
        };
        if hash.functions >= MAX_FUNCTIONS {
            return None;
        }
        if entry & by_number == 0 {
            let Some(name) = name_at(headers, (entry as u32).checked_add(2)?) else {
                break;
            };
            hash.add(library, &name);
        } else {
            let number = entry as u16;
            match ORDINALS.get(&(library, number)) {
                Some(name) => hash.add(library, name),
                None => hash.add(library, &format!("ord{number}")),
            }
        }
    }
    Some(())
}

/// `None` if the name is empty or not printable ASCII.
fn name_at(headers: &Headers, rva: u32) -> Option<String> {
    let name = headers.reader.c_string(headers.offset(rva)?, MAX_NAME)?;
    let printable = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    printable.then(|| String::from_utf8_lossy(name).into_owned())
}
