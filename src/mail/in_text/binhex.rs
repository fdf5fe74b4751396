//! `BinHex` 4.0 (RFC 1741): a file of a Macintosh in 64 characters between two colons, runs of equal bytes packed, with a header
//! before the two forks. The data fork is what other systems know as the file.

use super::Block;
use crate::mail::lines::Lines;

const ALPHABET: &[u8; 64] = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";

/// A byte of this value says how often the one before it is repeated.
const REPEAT: u8 = 0x90;

/// The file that begins with the first line, which all such files have.
pub(super) fn block(mut lines: Lines<'_>) -> Option<Block> {
    let first = lines.next()?.content;
    if !first.starts_with(b"(This file must be converted with BinHex") {
        return None;
    }
    while lines.peek()?.content.trim_ascii().is_empty() {
        lines.next();
    }
    let code = lines.rest().strip_prefix(b":")?;
    let length = code.iter().position(|byte| !is_code(*byte))?;
    let (code, rest) = code.split_at_checked(length)?;
    let rest = rest.strip_prefix(b":")?;
    let (name, bytes) = data_fork(&unpacked(&six_bits(code)))?;
    let line_end = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).take(2);
    Some(Block {
        end: lines.offset() + length + 2 + line_end.count(),
        name,
        bytes,
    })
}

fn is_code(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n') || ALPHABET.contains(&byte)
}

fn six_bits(code: &[u8]) -> Vec<u8> {
    let mut values = [0u8; 256];
    for (value, character) in (0u8..).zip(ALPHABET) {
        if let Some(slot) = values.get_mut(usize::from(*character)) {
            *slot = value;
        }
    }
    let mut bytes = Vec::with_capacity(code.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in code.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        bits = bits << 6 | u32::from(values.get(usize::from(*byte)).copied().unwrap_or_default());
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
            bits &= (1 << count) - 1;
        }
    }
    bytes
}

/// Undoes the packing of runs. No packed byte gives more than 85 bytes, so memory stays in proportion.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(packed.len());
    let mut packed = packed.iter();
    while let Some(byte) = packed.next() {
        if *byte != REPEAT {
            bytes.push(*byte);
            continue;
        }
        match (packed.next(), bytes.last().copied()) {
            (Some(0), _) => bytes.push(REPEAT),
            (Some(count), Some(last)) => bytes.extend(std::iter::repeat_n(last, usize::from(*count) - 1)),
            _ => {}
        }
    }
    bytes
}

/// Name and data fork: behind the name come version, type, creator, flags, the lengths of both forks and a checksum.
fn data_fork(file: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (length, rest) = file.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(*length))?;
    let size: [u8; 4] = rest.get(11..15)?.try_into().ok()?;
    let data = rest.get(21..)?;
    let size = usize::try_from(u32::from_be_bytes(size)).ok()?;
    // One that is cut off gives what there is of it.
    let data = data.get(..size).unwrap_or(data);
    (!name.is_empty() && !data.is_empty()).then(|| (name.to_vec(), data.to_vec()))
}
