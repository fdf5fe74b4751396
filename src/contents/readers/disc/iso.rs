//! ISO 9660, with the long names of Joliet or Rock Ridge.

use std::collections::HashSet;

use super::fields::length;
use crate::contents::{Inside, Trouble};

const SECTOR: usize = 2048;
/// Descriptors begin behind sixteen sectors.
const FIRST: usize = 16;
/// Folders inside one another.
const DEEPEST: usize = 16;

/// `given` are place and size of contents that were given before.
pub fn read(bytes: &[u8], given: &HashSet<(u64, u64)>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let root = root(bytes).ok_or_else(|| Trouble::broken("no volume descriptor"))?;
    Walk {
        bytes,
        is_wide: root.is_wide,
        given,
        seen: HashSet::new(),
    }
    .folder(root.at, root.size, 0, inside)
}

struct Root {
    at: usize,
    size: usize,
    /// Names are UTF-16.
    is_wide: bool,
}

/// The folder of everything, that of Joliet if there is one.
fn root(bytes: &[u8]) -> Option<Root> {
    let mut found = None;
    for index in FIRST..FIRST + 32 {
        let descriptor = bytes.get(index * SECTOR..(index + 1) * SECTOR)?;
        if descriptor.get(1..6)? != b"CD001" {
            break;
        }
        let escapes = descriptor.get(88..91)?;
        let is_wide = matches!(escapes, b"%/@" | b"%/C" | b"%/E");
        let record = Record::read(descriptor.get(156..190)?)?;
        match descriptor.first()? {
            1 if found.is_none() => {
                found = Some(Root {
                    at: record.at,
                    size: record.size,
                    is_wide: false,
                });
            }
            2 if is_wide => {
                return Some(Root {
                    at: record.at,
                    size: record.size,
                    is_wide,
                });
            }
            255 => break,
            _ => {}
        }
    }
    found
}

/// An entry of a folder.
struct Record<'a> {
    at: usize,
    size: usize,
    is_folder: bool,
    name: &'a [u8],
    /// What Rock Ridge adds.
    more: &'a [u8],
}

impl<'a> Record<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let of_name = usize::from(*bytes.get(32)?);
        let name = bytes.get(33..33 + of_name)?;
        Some(Self {
            at: length(bytes, 2, 4)?.checked_mul(SECTOR)?,
            size: length(bytes, 10, 4)?,
            is_folder: bytes.get(25)? & 2 != 0,
            name,
            more: bytes
                .get(33 + of_name + usize::from(of_name % 2 == 0)..)
                .unwrap_or_default(),
        })
    }

    fn name(&self, is_wide: bool) -> String {
        let name = match self.rock_ridge() {
            Some(name) => String::from_utf8_lossy(name).into_owned(),
            None if is_wide => encoding_rs::UTF_16BE
                .decode_without_bom_handling(self.name)
                .0
                .into_owned(),
            None => encoding_rs::mem::decode_latin1(self.name).into_owned(),
        };
        // `;1` is its version.
        name.rsplit_once(';')
            .map_or(name.as_str(), |(stem, _)| stem)
            .trim_end_matches('.')
            .to_owned()
    }

    fn rock_ridge(&self) -> Option<&'a [u8]> {
        let mut rest = self.more;
        while let [first, second, length, _, ..] = rest {
            let field = rest.get(..usize::from(*length)).filter(|field| field.len() >= 4)?;
            if (first, second) == (&b'N', &b'M') {
                return field.get(5..).filter(|name| !name.is_empty());
            }
            rest = rest.get(field.len()..)?;
        }
        None
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    is_wide: bool,
    given: &'a HashSet<(u64, u64)>,
    /// Folders that were looked into: one may lead back.
    seen: HashSet<usize>,
}

impl Walk<'_> {
    fn folder(&mut self, at: usize, size: usize, depth: usize, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        if depth > DEEPEST || !self.seen.insert(at) {
            return Ok(());
        }
        let end = at.saturating_add(size).min(self.bytes.len());
        let folder = self.bytes.get(at..end).unwrap_or_default();
        for sector in folder.chunks(SECTOR) {
            let mut rest = sector;
            while let Some(length) = rest
                .first()
                .map(|length| usize::from(*length))
                .filter(|length| *length > 33)
            {
                inside.step(length)?;
                let Some((entry, after)) = rest.split_at_checked(length) else {
                    break;
                };
                rest = after;
                let Some(record) = Record::read(entry) else { continue };
                // The folder itself, and the one around it.
                if record.name.len() == 1 && record.name.first().is_some_and(|byte| *byte < 2) {
                    continue;
                }
                if record.is_folder {
                    self.folder(record.at, record.size, depth + 1, inside)?;
                    continue;
                }
                if self.given.contains(&(record.at as u64, record.size as u64)) {
                    continue;
                }
                let end = record.at.saturating_add(record.size).min(self.bytes.len());
                let content = self.bytes.get(record.at..end).unwrap_or_default();
                inside.may_hold_files()?;
                inside.claim(content.len())?;
                inside.file(Some(&record.name(self.is_wide)), content.to_vec())?;
            }
        }
        Ok(())
    }
}
