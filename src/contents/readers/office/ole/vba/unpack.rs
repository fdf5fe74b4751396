//! The compression of macros (MS-OVBA 2.4.1).

use crate::contents::readers::office::bytes::Bytes;
use crate::contents::{Inside, Stop};

/// Bytes that a chunk unpacks to at most.
const CHUNK: usize = 4096;

/// Unpacks a container. Where it breaks off, what came before is kept.
pub fn unpack(packed: &[u8], inside: &mut Inside<'_>) -> Result<Vec<u8>, Stop> {
    let mut out = Vec::new();
    let mut rest = Bytes(packed);
    if rest.u8() != Some(1) {
        return Ok(out);
    }
    while let Some(header) = rest.u16() {
        let length = usize::from(header & 0x0fff) + 1;
        let data = rest.take(length.min(rest.0.len())).unwrap_or_default();
        if data.is_empty() || header & 0x7000 != 0x3000 {
            break;
        }
        let start = out.len();
        if header & 0x8000 == 0 {
            out.extend_from_slice(data);
        } else if chunk(data, start, &mut out).is_none() {
            inside.claim(out.len() - start)?;
            break;
        }
        inside.claim(out.len() - start)?;
    }
    Ok(out)
}

/// Adds what a chunk unpacks to. `None` if it points before its start or grows too long.
fn chunk(data: &[u8], start: usize, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = Bytes(data);
    while let Some(flags) = rest.u8() {
        for bit in 0..8 {
            if rest.0.is_empty() {
                return Some(());
            }
            if flags >> bit & 1 == 0 {
                out.push(rest.u8()?);
            } else {
                copy(usize::from(rest.u16()?), start, out)?;
            }
            if out.len() - start > CHUNK {
                return None;
            }
        }
    }
    Some(())
}

/// A token has more bits for the offset the longer the chunk is already.
fn copy(token: usize, start: usize, out: &mut Vec<u8>) -> Option<()> {
    let done = out.len() - start;
    let mut bits = 4;
    while bits < 12 && 1 << bits < done {
        bits += 1;
    }
    let length = (token & (0xffff >> bits)) + 3;
    let offset = (token >> (16 - bits)) + 1;
    let from = done.checked_sub(offset)?;
    for index in 0..length {
        let byte = *out.get(start + from + index)?;
        out.push(byte);
    }
    Some(())
}
