//! Reads text files that a person wrote. Editors and PowerShell of Windows write UTF-16, or a byte order mark before
//! UTF-8.

use std::fs;
use std::io;
use std::path::Path;

pub(super) fn read(path: &Path) -> io::Result<String> {
    decode(fs::read(path)?)
}

fn decode(bytes: Vec<u8>) -> io::Result<String> {
    let not_text = || io::Error::new(io::ErrorKind::InvalidData, "the file is not UTF-8");
    match encoding_rs::Encoding::for_bom(&bytes) {
        None => String::from_utf8(bytes).map_err(|_| not_text()),
        Some((encoding, mark)) => {
            let text = bytes.get(mark..).unwrap_or_default();
            let text = encoding.decode_without_bom_handling_and_without_replacement(text);
            text.map(std::borrow::Cow::into_owned).ok_or_else(not_text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_of_windows_write_is_read() {
        let utf_16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            let text = "schlüssel = 1\r\n".encode_utf16().flat_map(bytes);
            mark.iter().copied().chain(text).collect::<Vec<u8>>()
        };
        for bytes in [
            b"schl\xc3\xbcssel = 1\r\n".to_vec(),
            b"\xef\xbb\xbfschl\xc3\xbcssel = 1\r\n".to_vec(),
            utf_16(&[0xff, 0xfe], u16::to_le_bytes),
            utf_16(&[0xfe, 0xff], u16::to_be_bytes),
        ] {
            assert_eq!(decode(bytes).unwrap(), "schlüssel = 1\r\n");
        }
        assert_eq!(decode(Vec::new()).unwrap(), "");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"schl\xfcssel"[..], b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\xd8"] {
            assert_eq!(decode(bytes.to_vec()).unwrap_err().to_string(), "the file is not UTF-8");
        }
    }
}
