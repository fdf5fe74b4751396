//! Files that are packed by themselves: gzip, bzip2, xz, LZMA, lzip, Zstandard.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use lzma_rust2::{LzipReader, LzmaReader, XzReader};

use crate::contents::{File, Inside, Reader, Trouble};

/// Most memory of a decoder, in KiB: the largest dictionary that common programs make.
const MEMORY: u32 = 80 << 10;

pub struct Streams;

impl Reader for Streams {
    fn reads(&self, file: &File<'_>) -> bool {
        matches!(
            file.mimetype,
            "application/gzip" | "application/x-bzip2" | "application/x-xz" | "application/zstd" | "application/x-lzip"
        ) || is_lzma(file)
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.may_hold_files()?;
        let bytes = file.bytes;
        let unpacked = match file.mimetype {
            "application/gzip" => inside.unpack(MultiGzDecoder::new(bytes))?,
            "application/x-bzip2" => inside.unpack(bzip2::read::MultiBzDecoder::new(bytes))?,
            "application/x-xz" => inside.unpack(XzReader::new_mem_limit(bytes, true, MEMORY))?,
            "application/x-lzip" => inside.unpack(LzipReader::new(bytes))?,
            "application/zstd" => zstandard(bytes, inside)?,
            _ => inside.unpack(LzmaReader::new_mem_limit(bytes, MEMORY, None).map_err(Trouble::broken)?)?,
        };
        let name = named_in_gzip(bytes).or_else(|| without_ending(file.name?));
        inside.file(name.as_deref(), unpacked)?;
        Ok(())
    }
}

/// LZMA alone has no signature: properties, the size of a dictionary, and a size that is known or not.
fn is_lzma(file: &File<'_>) -> bool {
    let named = file.ends_with("lzma") || file.ends_with("tlz");
    named && matches!(file.bytes, [0x5d, 0, 0, _, _, _, ..])
}

fn zstandard(bytes: &[u8], inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    let mut all = Vec::new();
    let mut rest = bytes;
    // One frame after the other.
    while !rest.is_empty() {
        let decoder = ruzstd::decoding::StreamingDecoder::new(&mut rest);
        let Ok(mut decoder) = decoder else { break };
        let before = all.len();
        all.append(&mut inside.unpack(decoder.by_ref())?);
        if all.len() == before {
            break;
        }
    }
    if all.is_empty() {
        Err(Trouble::broken("no frame of Zstandard"))
    } else {
        Ok(all)
    }
}

/// The name that gzip noted.
fn named_in_gzip(bytes: &[u8]) -> Option<String> {
    let header = flate2::read::GzDecoder::new(bytes);
    let name = header.header()?.filename()?;
    Some(encoding_rs::mem::decode_latin1(name).into_owned()).filter(|name| !name.trim().is_empty())
}

/// `list.csv` of `list.csv.gz`, `a.tar` of `a.tgz`.
fn without_ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let is_tar = matches!(
        ending.to_ascii_lowercase().as_str(),
        "tgz" | "tbz" | "tbz2" | "txz" | "tlz" | "tzst"
    );
    Some(if is_tar { format!("{stem}.tar") } else { stem.to_owned() })
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
