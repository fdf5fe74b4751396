//! A frame of native messaging: four bytes with the length in the machine's byte order, then that many bytes of UTF-8
//! JSON.

use std::io::{self, Read, Write};

/// Longest frame from the extension, in bytes. A chunk of a message in base64 fits in, and a long list of unticked
/// indicators.
pub const LONGEST_IN: usize = 4 << 20;

/// Longest frame to Thunderbird, in bytes. A longer one ends the connection (measured with 153).
pub const LONGEST_OUT: usize = 1 << 20;

#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The length exceeds [`LONGEST_IN`]. Most likely it is text and not a length.
    #[error(
        "a frame of {0} bytes; at most {LONGEST_IN} are taken, after four bytes with the length in this machine's byte order"
    )]
    TooLong(usize),
    #[error("the input ended inside a frame, {missing} bytes before its end")]
    Cut {
        /// Number of bytes that did not come.
        missing: usize,
    },
    #[error("the input cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads the next frame; `None` at the end of the input. A length alone costs no memory, since the buffer grows with
/// the bytes.
pub fn read(input: &mut impl Read) -> Result<Option<Vec<u8>>, FrameError> {
    let mut read = |count: usize| {
        let mut bytes = Vec::new();
        input.by_ref().take(count as u64).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    };
    let head = read(4)?;
    if head.is_empty() {
        return Ok(None);
    }
    let cut = |missing| FrameError::Cut { missing };
    let length = <[u8; 4]>::try_from(head).map_err(|head| cut(4 - head.len()))?;
    let length = u32::from_ne_bytes(length) as usize;
    if length > LONGEST_IN {
        return Err(FrameError::TooLong(length));
    }
    let frame = read(length)?;
    if frame.len() < length {
        return Err(cut(length - frame.len()));
    }
    Ok(Some(frame))
}

/// Writes a frame and flushes it. The JSON must not be longer than [`LONGEST_OUT`].
pub fn write(output: &mut impl Write, json: &[u8]) -> io::Result<()> {
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_ne_bytes())?;
    output.write_all(json)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(json: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, json).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read_back() {
        let long = vec![b'x'; 200_000];
        let mut input = [framed(b"{}"), framed(b""), framed(&long)].concat();
        let mut input = io::Cursor::new(&mut input);
        assert_eq!(read(&mut input).unwrap().unwrap(), b"{}");
        assert_eq!(read(&mut input).unwrap().unwrap(), b"");
        assert_eq!(read(&mut input).unwrap().unwrap(), long);
        assert!(read(&mut input).unwrap().is_none());
    }

    #[test]
    fn a_cut_frame_says_how_much_is_missing() {
        let whole = framed(b"{\"a\":1}");
        for end in 1..whole.len() {
            let error = read(&mut &whole[..end]).unwrap_err();
            let expected = if end < 4 { 4 } else { whole.len() } - end;
            assert!(
                matches!(error, FrameError::Cut { missing } if missing == expected),
                "{end}: {error}"
            );
        }
    }

    #[test]
    fn text_in_place_of_a_length_takes_no_memory() {
        assert!(matches!(read(&mut &b"hello"[..]), Err(FrameError::TooLong(_))));
    }
}
