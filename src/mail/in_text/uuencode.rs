//! uuencode: `begin 644 NAME`, lines that each begin with their length, `end`; or `begin-base64 644 NAME`, base64, `====`.

use mail_parser::decoders::base64::base64_decode;

use super::Block;
use crate::mail::lines::Lines;

/// The bytes of the first encoded file in a body; `None` when there is none.
pub(in crate::mail) fn decode(body: &[u8]) -> Option<Vec<u8>> {
    let mut lines = Lines::of(body);
    let begin = lines.find(|line| line.content.starts_with(b"begin "))?;
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let _ = read(&mut Lines::of(body.get(begin.end..)?), Strict::No, &mut bytes);
    Some(bytes)
}

/// The file that begins with the first line. Prose that begins with `begin` has no mode, or no code behind it.
pub(super) fn block(mut lines: Lines<'_>) -> Option<Block> {
    let first = lines.next()?.content;
    let in_base64 = first.strip_prefix(b"begin-base64 ");
    let begin = in_base64.or_else(|| first.strip_prefix(b"begin "))?;
    let digits = begin.iter().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (_, name) = begin.split_at_checked(digits).filter(|_| (3..=4).contains(&digits))?;
    let name = name.strip_prefix(b" ")?.trim_ascii().to_vec();
    let mut bytes = Vec::new();
    if in_base64.is_some() {
        bytes = base64(&mut lines)?;
    } else {
        read(&mut lines, Strict::Yes, &mut bytes)?;
    }
    (!name.is_empty() && !bytes.is_empty()).then(|| Block {
        end: lines.offset(),
        name,
        bytes,
    })
}

/// Reads lines of base64 up to `====`.
fn base64(lines: &mut Lines<'_>) -> Option<Vec<u8>> {
    let mut code = Vec::new();
    for line in lines {
        if line.content.trim_ascii_end() == b"====" {
            return base64_decode(&code);
        }
        let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        if !line.content.iter().all(fits) {
            return None;
        }
        code.extend_from_slice(line.content);
    }
    None
}

/// Whether a line that is no code ends the code.
#[derive(Clone, Copy, PartialEq)]
enum Strict {
    Yes,
    No,
}

/// Reads lines up to `end`. `None` when something else stands there.
fn read(lines: &mut Lines<'_>, strict: Strict, bytes: &mut Vec<u8>) -> Option<()> {
    while let Some(line) = lines.peek() {
        let code = line.content;
        if code.trim_ascii_end() == b"end" {
            lines.next();
            return Some(());
        }
        if strict == Strict::Yes && !is_code(code) {
            // Code that is cut off is a file still, as long as there was any.
            return (!bytes.is_empty()).then_some(());
        }
        if let Some((length, data)) = code.split_first() {
            line_of(usize::from(value(*length)), data, bytes);
        }
        lines.next();
    }
    Some(())
}

/// A line of code has the length that it tells. Blanks at its end stand for zeros and may be lost on the way; some programs put
/// a checksum behind it.
fn is_code(line: &[u8]) -> bool {
    let Some((length, data)) = line.split_first() else {
        // The last line, of length zero, may be a blank that was lost.
        return true;
    };
    let wanted = usize::from(value(*length)).div_ceil(3) * 4;
    let coded = line.iter().all(|byte| matches!(byte, b' '..=b'`'));
    coded && data.len() <= wanted + 2
}

/// Decodes one line. What is missing at its end are zeros.
fn line_of(wanted: usize, data: &[u8], bytes: &mut Vec<u8>) {
    let groups = wanted.div_ceil(3);
    let mut left = wanted;
    for index in 0..groups {
        let code = |at: usize| data.get(index * 4 + at).map_or(0, |byte| u32::from(value(*byte)));
        let group = code(0) << 18 | code(1) << 12 | code(2) << 6 | code(3);
        let [_, a, b, c] = group.to_be_bytes();
        bytes.extend([a, b, c].iter().take(left));
        left = left.saturating_sub(3);
    }
}

fn value(byte: u8) -> u8 {
    byte.wrapping_sub(b' ') & 63
}
