//! What a frame of native messaging is: four bytes with the length in the machine's byte order, then that many bytes of
//! UTF-8 JSON. What the JSON says is for `protocol`.

use std::io::{self, Read, Write};

use byteorder::{NativeEndian, ReadBytesExt, WriteBytesExt};

/// Longest frame that is taken: a chunk of a message in base64 with room to spare, and the longest list of unticked
/// indicators.
pub const LONGEST_IN: usize = 4 << 20;

/// Longest frame that Thunderbird takes; one byte more ends the connection (measured with 153).
pub const LONGEST_OUT: usize = 1 << 20;

/// What is read at a time: a length that is not followed by as many bytes costs no memory.
const STEP: u64 = 64 << 10;

/// Why there is no further frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The length says more than is taken; most likely it is no length at all.
    #[error(
        "a frame of {0} bytes; at most {LONGEST_IN} are taken, after four bytes with the length in this machine's byte order"
    )]
    TooLong(usize),
    /// The input ended inside a frame.
    #[error("the input ended inside a frame, {missing} bytes before its end")]
    Cut {
        /// Bytes that were promised and did not come.
        missing: usize,
    },
    /// The input cannot be read.
    #[error("the input cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads the next frame; `None` at the end of the input.
pub fn read(input: &mut impl Read) -> Result<Option<Vec<u8>>, FrameError> {
    let mut first = [0];
    // A signal may interrupt the wait for the next frame; `read_exact` would not tell an end from a cut.
    let got = loop {
        match input.read(&mut first) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    if got == 0 {
        return Ok(None);
    }
    let cut = |error: io::Error, missing| match error.kind() {
        io::ErrorKind::UnexpectedEof => FrameError::Cut { missing },
        _ => FrameError::Io(error),
    };
    let length = first
        .chain(&mut *input)
        .read_u32::<NativeEndian>()
        .map_err(|error| cut(error, 3))? as usize;
    if length > LONGEST_IN {
        return Err(FrameError::TooLong(length));
    }
    let mut frame = Vec::new();
    while frame.len() < length {
        let step = STEP.min((length - frame.len()) as u64);
        if input.by_ref().take(step).read_to_end(&mut frame)? == 0 {
            return Err(FrameError::Cut {
                missing: length - frame.len(),
            });
        }
    }
    Ok(Some(frame))
}

/// Writes a frame and flushes it. Whoever calls has seen to it that it is not over [`LONGEST_OUT`].
pub fn write(output: &mut impl Write, json: &[u8]) -> io::Result<()> {
    let length = u32::try_from(json.len()).map_err(|_| io::Error::other("a frame of more than 4 GiB"))?;
    output.write_u32::<NativeEndian>(length)?;
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
            let expected = if end < 4 { 3 } else { whole.len() - end };
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
