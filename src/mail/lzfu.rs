//! The compression of rich text in Outlook's files (`MS-OXRTFCP`).
//!
//! Tried: compressed-rtf 1.0.1 panics on a file that ends within its first 16 bytes, gives nothing of one that is cut later, and
//! allocates what a header claims.

/// What the dictionary holds before the first byte, by `MS-OXRTFCP` 2.1.2.1.
const DICTIONARY: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression of `PidTagRtfCompressed`. What is cut off gives what there is; checksums are not looked at.
pub(super) fn decompress(data: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = data.split_at_checked(16)?;
    match head.get(8..12)? {
        b"MELA" => return Some(body.to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [b' '; 4096];
    window.get_mut(..DICTIONARY.len())?.copy_from_slice(DICTIONARY);
    let mut write = DICTIONARY.len();
    let mut out = Vec::new();
    let mut put = |byte: u8, window: &mut [u8; 4096], write: &mut usize| {
        if let Some(slot) = window.get_mut(*write) {
            *slot = byte;
        }
        *write = (*write + 1) % 4096;
        out.push(byte);
    };
    let mut bytes = body.iter();
    'blocks: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { break 'blocks };
            if control >> bit & 1 == 0 {
                put(*first, &mut window, &mut write);
                continue;
            }
            let Some(second) = bytes.next() else { break 'blocks };
            let reference = usize::from(*first) << 8 | usize::from(*second);
            let (offset, length) = (reference >> 4, (reference & 15) + 2);
            if offset == write {
                break 'blocks;
            }
            for step in 0..length {
                let byte = window.get((offset + step) % 4096).copied().unwrap_or(b' ');
                put(byte, &mut window, &mut write);
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_text_comes_back() {
        let rtf =
            "{\\rtf1\\ansi\\ansicpg1252 hello hello hello hello http://evil.example/ \\par \\pard\\plain\\f0 end}"
                .repeat(40);
        let packed = compressed_rtf::compress_rtf(&rtf).unwrap();
        assert_eq!(decompress(&packed).unwrap(), rtf.as_bytes());
        assert_eq!(decompress(b"short"), None);
        let mut lying = packed;
        lying[4..8].copy_from_slice(&[0xff; 4]);
        assert!(decompress(&lying).is_some());
    }
}
