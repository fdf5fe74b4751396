//! What packs the streams of a PDF file, undone within the limits.

use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::object::{Dict, Object};
use crate::contents::{Inside, Trouble};

/// More filters on one stream are an attack.
const MOST: usize = 8;

/// What is left when the filters that pack are undone.
pub struct Unpacked {
    pub bytes: Vec<u8>,
    /// A filter that is the coding of a picture (`DCTDecode`, `JPXDecode`, `CCITTFaxDecode`, `JBIG2Decode`), as the last one.
    pub picture: Option<Vec<u8>>,
}

/// Undoes the filters of a stream. `get` follows references.
pub fn undo(raw: &[u8], dict: &Dict, inside: &mut Inside<'_>) -> Result<Unpacked, Trouble> {
    let filters = list(dict.get("Filter").or_else(|| dict.get("F")));
    let parameters = list(dict.get("DecodeParms").or_else(|| dict.get("DP")));
    if filters.len() > MOST {
        return Err(Trouble::broken("too many filters on a stream"));
    }
    if filters.is_empty() {
        // A thousand pages may share one stream.
        inside.claim(raw.len())?;
    }
    let mut bytes = std::borrow::Cow::Borrowed(raw);
    for (index, filter) in filters.iter().enumerate() {
        let parameters = parameters.get(index).and_then(|one| one.as_dict());
        let undone = match filter.as_name().unwrap_or_default() {
            b"FlateDecode" | b"Fl" => predicted(flate(&bytes, inside)?, parameters, inside)?,
            b"LZWDecode" | b"LZW" => {
                let early = parameters
                    .and_then(|one| one.get("EarlyChange"))
                    .and_then(Object::as_count)
                    != Some(0);
                predicted(lzw(&bytes, early, inside)?, parameters, inside)?
            }
            b"ASCIIHexDecode" | b"AHx" => hex(&bytes, inside)?,
            b"ASCII85Decode" | b"A85" => ascii85(&bytes, inside)?,
            b"RunLengthDecode" | b"RL" => run_length(&bytes, inside)?,
            b"Crypt" => {
                inside.claim(bytes.len())?;
                continue;
            }
            other => {
                inside.claim(if index == 0 { raw.len() } else { 0 })?;
                let bytes = bytes.into_owned();
                return Ok(Unpacked {
                    bytes,
                    picture: Some(other.to_vec()),
                });
            }
        };
        bytes = std::borrow::Cow::Owned(undone);
    }
    Ok(Unpacked {
        bytes: bytes.into_owned(),
        picture: None,
    })
}

fn list(object: Option<&Object>) -> Vec<&Object> {
    match object {
        None => Vec::new(),
        Some(Object::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
    }
}

/// zlib's format, or what is left of it behind a broken head.
fn flate(bytes: &[u8], inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    match inside.unpack(ZlibDecoder::new(bytes)) {
        Err(Trouble::Broken(_)) => inside.unpack(DeflateDecoder::new(bytes.get(2..).unwrap_or_default())),
        other => other,
    }
}

fn hex(bytes: &[u8], inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    inside.claim(bytes.len() / 2)?;
    let quoted = [b"<", bytes, b">"].concat();
    let parsed = super::syntax::Parser::new(&quoted, 0).object();
    Ok(match parsed {
        Some(Object::Text(text)) => text,
        _ => Vec::new(),
    })
}

fn ascii85(bytes: &[u8], inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    // `z` is four bytes.
    inside.claim(bytes.len().saturating_mul(4))?;
    let mut out = Vec::new();
    let mut group: Vec<u32> = Vec::with_capacity(5);
    for byte in bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()) {
        match byte {
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(u32::from(byte - b'!'));
                if group.len() == 5 {
                    end_group(&mut group, &mut out);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if group.len() > 1 {
        end_group(&mut group, &mut out);
    }
    Ok(out)
}

fn end_group(group: &mut Vec<u32>, out: &mut Vec<u8>) {
    let given = group.len();
    group.resize(5, 84);
    let value = group
        .iter()
        .fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(*digit));
    out.extend(value.to_be_bytes().into_iter().take(given - 1));
    group.clear();
}

fn run_length(bytes: &[u8], inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first() {
        match usize::from(*length) {
            128 => break,
            length @ 0..128 => {
                let (run, after) = after.split_at(after.len().min(length + 1));
                inside.claim(run.len())?;
                out.extend_from_slice(run);
                rest = after;
            }
            length => {
                let Some((byte, after)) = after.split_first() else {
                    break;
                };
                inside.claim(257 - length)?;
                out.extend(std::iter::repeat_n(*byte, 257 - length));
                rest = after;
            }
        }
    }
    Ok(out)
}

/// LZW with codes of 9 to 12 bits, the highest bit first.
fn lzw(bytes: &[u8], early: bool, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut out: Vec<u8> = Vec::new();
    // Where in `out` each code from 258 on stands, and its length.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0x00ff_ffff;
        held += 8;
        let next = table.len() + 258 + usize::from(early);
        let width = match next {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if held < width {
            continue;
        }
        held -= width;
        let code = (bits >> held) as usize & ((1 << width) - 1);
        if code == CLEAR {
            table.clear();
            last = None;
            continue;
        }
        if code == END {
            break;
        }
        let start = out.len();
        let (from, length) = match (code, last) {
            (0..256, _) => (usize::MAX, 1),
            (code, Some((from, length))) if code - 258 == table.len() => (from, length + 1),
            (code, _) => match table.get(code - 258) {
                Some(entry) => *entry,
                None => break,
            },
        };
        inside.claim(length)?;
        if from == usize::MAX {
            out.extend(u8::try_from(code));
        } else {
            for index in from..from + length {
                let byte = out.get(index).copied().unwrap_or_default();
                out.push(byte);
            }
        }
        if let Some((from, length)) = last.filter(|_| table.len() < 4096 - 258) {
            table.push((from, length + 1));
        }
        last = Some((start, length));
    }
    Ok(out)
}

/// Undoes the predictor, which stores each row as its difference from what is before it.
fn predicted(bytes: Vec<u8>, parameters: Option<&Dict>, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
    let number = |key: &str, default: usize| {
        parameters
            .and_then(|one| one.get(key))
            .and_then(Object::as_count)
            .unwrap_or(default)
    };
    let predictor = number("Predictor", 1);
    if predictor < 2 {
        return Ok(bytes);
    }
    let (colors, bits, columns) = (number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1));
    let pixel = colors.saturating_mul(bits).div_ceil(8).max(1);
    let row = colors.saturating_mul(bits).saturating_mul(columns).div_ceil(8);
    if row == 0 || row > bytes.len() {
        return Ok(bytes);
    }
    inside.claim(bytes.len())?;
    Ok(if predictor == 2 {
        tiff(bytes, row, pixel, bits)
    } else {
        png(&bytes, row, pixel)
    })
}

fn tiff(mut bytes: Vec<u8>, row: usize, pixel: usize, bits: usize) -> Vec<u8> {
    if bits == 8 {
        for line in bytes.chunks_mut(row) {
            for index in pixel..line.len() {
                let before = line.get(index - pixel).copied().unwrap_or_default();
                if let Some(byte) = line.get_mut(index) {
                    *byte = byte.wrapping_add(before);
                }
            }
        }
    }
    bytes
}

fn png(bytes: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0; row];
    for line in bytes.chunks(row + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        let start = out.len();
        for (index, byte) in line.iter().enumerate() {
            let at = |place: Option<usize>| place.and_then(|place| out.get(place)).copied().unwrap_or_default();
            let left = at(index.checked_sub(pixel).map(|back| start + back));
            let up = above.get(index).copied().unwrap_or_default();
            let corner = index
                .checked_sub(pixel)
                .and_then(|back| above.get(back))
                .copied()
                .unwrap_or_default();
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            out.push(byte.wrapping_add(guess));
        }
        above.clear();
        above.extend_from_slice(out.get(start..).unwrap_or_default());
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i32::from(left), i32::from(up), i32::from(corner));
    let guess = a + b - c;
    let (to_left, to_up, to_corner) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
