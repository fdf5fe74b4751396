//! UDF (ECMA-167), without its metadata partition.

use std::collections::HashSet;

use super::image::{Extent, Image, u16_at, u32_at, u64_at};
use crate::contents::{Inside, Trouble};

/// Folders inside one another.
const DEEPEST: usize = 16;
/// Descriptors of a volume that are looked at.
const MOST_DESCRIPTORS: u64 = 256;
/// Lists of the extents of a file that are followed, each of a block.
const MOST_LISTS: usize = 256;

/// Identifiers of descriptors.
const ANCHOR: u16 = 2;
const PARTITION: u16 = 5;
const LOGICAL_VOLUME: u16 = 6;
const END: u16 = 8;
const FILE_SET: u16 = 256;
const FILE_IDENTIFIER: u16 = 257;
const FILE_ENTRY: u16 = 261;
const EXTENDED_FILE_ENTRY: u16 = 266;

pub fn read(image: &Image<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let broken = || Trouble::broken("no UDF volume");
    let volume = [2048, 512, 4096]
        .into_iter()
        .find_map(|sector| Volume::open(image, sector));
    let mut volume = volume.ok_or_else(broken)?;
    let root = volume.root().ok_or_else(broken)?;
    volume.folder(root, 0, inside)
}

struct Volume<'a> {
    image: Image<'a>,
    block: u64,
    /// Where the partition begins, in bytes.
    partition: u64,
    file_set: u64,
    /// Entries of folders that were looked into: one may lead back.
    seen: HashSet<u64>,
}

/// A file or folder.
struct Node {
    extents: Vec<Extent>,
    /// What lies in the entry itself.
    embedded: Option<Vec<u8>>,
    size: u64,
}

impl<'a> Volume<'a> {
    fn open(image: &Image<'a>, sector: u64) -> Option<Self> {
        let anchor = image
            .get(256 * sector, 512)
            .filter(|anchor| u16_at(anchor, 0) == ANCHOR)?;
        let (length, first) = (u64::from(u32_at(&anchor, 16)), u64::from(u32_at(&anchor, 20)));
        let (mut partition, mut logical) = (None, None);
        for index in first..first + (length / sector).min(MOST_DESCRIPTORS) {
            let descriptor = image.get(index * sector, 512)?;
            match u16_at(&descriptor, 0) {
                PARTITION => partition = Some(u64::from(u32_at(&descriptor, 188)) * sector),
                LOGICAL_VOLUME => {
                    logical = Some((u64::from(u32_at(&descriptor, 212)), u64::from(u32_at(&descriptor, 252))));
                }
                END => break,
                _ => {}
            }
        }
        let (block, file_set) = logical.filter(|(block, _)| matches!(block, 512 | 1024 | 2048 | 4096))?;
        Some(Self {
            image: image.clone(),
            block,
            partition: partition?,
            file_set,
            seen: HashSet::new(),
        })
    }

    fn at(&self, block: u64) -> u64 {
        self.partition.saturating_add(block.saturating_mul(self.block))
    }

    /// The entry of the outermost folder.
    fn root(&self) -> Option<u64> {
        let descriptor = self.image.get(self.at(self.file_set), 512)?;
        (u16_at(&descriptor, 0) == FILE_SET).then(|| u32_at(&descriptor, 404).into())
    }

    fn node(&self, entry: u64) -> Option<Node> {
        let bytes = self.image.get(self.at(entry), usize::try_from(self.block).ok()?)?;
        let lengths = match u16_at(&bytes, 0) {
            FILE_ENTRY => 168,
            EXTENDED_FILE_ENTRY => 208,
            _ => return None,
        };
        let begin = usize::try_from(u32_at(&bytes, lengths))
            .ok()?
            .checked_add(lengths + 8)?;
        let end = begin.checked_add(usize::try_from(u32_at(&bytes, lengths + 4)).ok()?)?;
        let held = bytes.get(begin..end.min(bytes.len()))?;
        let size = u64_at(&bytes, 56);
        let (extents, embedded) = match u16_at(&bytes, 34) & 7 {
            0 => (self.extents(held, 8), None),
            1 => (self.extents(held, 16), None),
            3 => (Vec::new(), Some(held.to_vec())),
            _ => return None,
        };
        Some(Node {
            extents,
            embedded,
            size,
        })
    }

    /// Short and long descriptors begin with length and block; the upper bits of the length say whether anything was written there,
    /// or whether more descriptors lie there.
    fn extents(&self, descriptors: &[u8], size: usize) -> Vec<Extent> {
        const MORE: u32 = 3;
        let mut extents = Vec::new();
        let mut descriptors = descriptors.to_vec();
        for _ in 0..MOST_LISTS {
            let mut next = None;
            for descriptor in descriptors.chunks_exact(size) {
                let length = u32_at(descriptor, 0);
                let at = self.at(u32_at(descriptor, 4).into());
                match length >> 30 {
                    MORE => next = Some(at),
                    _ if length == 0 => break,
                    kind => extents.push(Extent {
                        at: (kind == 0).then_some(at),
                        size: (length & 0x3fff_ffff).into(),
                    }),
                }
            }
            // A descriptor of such an extent, and what it has.
            let Some(more) = next.and_then(|at| self.image.get(at, usize::try_from(self.block).ok()?)) else {
                break;
            };
            let length = usize::try_from(u32_at(&more, 20)).unwrap_or_default();
            let Some(list) = more
                .get(24..24_usize.saturating_add(length).min(more.len()))
                .filter(|list| !list.is_empty())
            else {
                break;
            };
            descriptors = list.to_vec();
        }
        extents
    }

    fn content(&self, node: Node, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
        match node.embedded {
            Some(bytes) => {
                inside.claim(bytes.len())?;
                Ok(bytes)
            }
            None => Ok(self.image.gather(node.extents, node.size, inside)?),
        }
    }

    fn folder(&mut self, entry: u64, depth: usize, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        const FOLDER: u8 = 2;
        const DELETED_OR_PARENT: u8 = 4 | 8;
        if depth > DEEPEST || !self.seen.insert(entry) {
            return Ok(());
        }
        let node = self
            .node(entry)
            .ok_or_else(|| Trouble::broken("no entry of a folder"))?;
        let list = self.content(node, inside)?;
        let mut rest = &list[..];
        while u16_at(rest, 0) == FILE_IDENTIFIER {
            inside.step(40)?;
            let (flags, letters) = (
                rest.get(18).copied().unwrap_or_default(),
                rest.get(19).copied().unwrap_or_default(),
            );
            let begin = 38 + usize::from(u16_at(rest, 36));
            let end = begin + usize::from(letters);
            let name = name(rest.get(begin..end).unwrap_or_default());
            let inner = u64::from(u32_at(rest, 24));
            rest = rest.get(end.next_multiple_of(4)..).unwrap_or_default();
            if flags & DELETED_OR_PARENT != 0 {
                continue;
            }
            if flags & FOLDER != 0 {
                self.folder(inner, depth + 1, inside)?;
            } else if let Some(node) = self.node(inner) {
                inside.may_hold_files()?;
                let content = self.content(node, inside)?;
                inside.file(Some(&name), content)?;
            }
        }
        Ok(())
    }
}

/// Its first byte says whether characters have one byte or two.
fn name(bytes: &[u8]) -> String {
    match bytes.split_first() {
        Some((16, letters)) => encoding_rs::UTF_16BE
            .decode_without_bom_handling(letters)
            .0
            .into_owned(),
        Some((_, letters)) => encoding_rs::mem::decode_latin1(letters).into_owned(),
        None => String::new(),
    }
}
