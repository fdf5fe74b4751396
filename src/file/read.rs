//! Reads numbers and strings at offsets of a file. Returns `None` when the data ends early; never panics.

use byteorder::{BigEndian, ByteOrder, LittleEndian};

/// A file and its byte order.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub big_endian: bool,
}

impl<'a> Reader<'a> {
    pub fn little(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            big_endian: false,
        }
    }

    /// `None` if the file has fewer than `len` bytes at `at`.
    pub fn slice(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..at.checked_add(len)?)
    }

    /// The bytes at `at`, at most `len`, fewer if the file ends before.
    pub fn at_most(&self, at: u64, len: u64) -> &'a [u8] {
        let clamp = |value: u64| usize::try_from(value).unwrap_or(usize::MAX).min(self.bytes.len());
        self.bytes
            .get(clamp(at)..clamp(at.saturating_add(len)))
            .unwrap_or_default()
    }

    /// An unsigned number of 1 to 8 bytes.
    pub fn number(&self, at: usize, width: usize) -> Option<u64> {
        let bytes = self.slice(at, width)?;
        let fits = (1..=8).contains(&width);
        fits.then(|| {
            if self.big_endian {
                BigEndian::read_uint(bytes, width)
            } else {
                LittleEndian::read_uint(bytes, width)
            }
        })
    }

    #[allow(clippy::cast_possible_truncation)] // two bytes were read
    pub fn u16(&self, at: usize) -> Option<u16> {
        self.number(at, 2).map(|number| number as u16)
    }

    #[allow(clippy::cast_possible_truncation)] // four bytes were read
    pub fn u32(&self, at: usize) -> Option<u32> {
        self.number(at, 4).map(|number| number as u32)
    }

    /// The bytes from `at` up to a NUL. `None` if there is none within `max` bytes.
    pub fn c_string(&self, at: usize, max: usize) -> Option<&'a [u8]> {
        let rest = self.bytes.get(at..)?;
        let window = rest.get(..max.min(rest.len()))?;
        window.get(..memchr::memchr(0, window)?)
    }
}

/// A name in a field of fixed length, padded with NULs.
pub(super) fn padded_name(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_order_of_bytes_and_end_with_the_file() {
        let mut reader = Reader::little(&[1, 2, 3, 4]);
        assert_eq!(reader.u16(1), Some(0x0302));
        reader.big_endian = true;
        assert_eq!(reader.u32(0), Some(0x0102_0304));
        assert_eq!(reader.u32(1), None);
        assert_eq!(reader.u16(usize::MAX), None);
        assert_eq!(reader.at_most(3, u64::MAX), [4]);
        assert_eq!(reader.at_most(u64::MAX, 9), [0; 0]);
    }

    #[test]
    fn a_string_without_an_end_is_none() {
        let reader = Reader::little(b"ab\0cd");
        assert_eq!(reader.c_string(0, 9), Some(&b"ab"[..]));
        assert_eq!(reader.c_string(0, 2), None);
        assert_eq!(reader.c_string(3, 9), None);
        assert_eq!(reader.c_string(9, 9), None);
    }
}
