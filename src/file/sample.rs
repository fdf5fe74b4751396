//! Samples: files zipped with the password `infected`, as MISP itself zips them. The same file gives the same zip, byte
//! for byte, on every machine, so that the same mail gives the same event. This is why this module writes the zip.
//!
//! Tried: zip 9.8 writes random bytes into the encryption header, so two runs give two different files.

mod cipher;

use cipher::{Crc, Keys};
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output};
use miniz_oxide::{DataFormat, deflate::CompressionLevel};
use thiserror::Error;

/// Files of this size or more are compressed as fast as possible. Large ones are mostly archives and installers, which
/// more effort does not make smaller (25 MiB of random bytes take a third of the time).
const LARGE: usize = 1 << 20;
const PASSWORD: &[u8] = b"infected";
/// Bytes before the encrypted data. The last one tells whether the password is right.
const CIPHER_HEADER: usize = 12;
/// The member is encrypted and its name is UTF-8.
const FLAGS: u16 = 0x0801;
const VERSION: u16 = 20;
const DEFLATE: u16 = 8;
/// Midnight of 1 January 1980, the earliest time in the format.
const TIME: u16 = 0;
const DATE: u16 = 0x21;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum SampleError {
    /// The format has 32 bits for sizes.
    #[error("a file of 4 GiB or more does not fit into a zip")]
    TooLarge,
    /// The format has 16 bits for the length of a name.
    #[error("a name of {0} bytes does not fit into a zip")]
    NameTooLong(usize),
    /// The compressor failed, which it has no reason to do.
    #[error("the file could not be compressed")]
    Compression,
}

/// A sample as MISP stores it: one member has the file, named by its MD5; a second has the file's real name.
pub fn zip(bytes: &[u8], md5: &str, name: &str) -> Result<Vec<u8>, SampleError> {
    let mut archive = Archive::for_content(bytes.len());
    archive.add(md5, bytes)?;
    archive.add(&format!("{md5}.filename.txt"), name.as_bytes())?;
    archive.finish()
}

/// Zips one file under its own name, with the same password.
pub fn zip_plain_name(bytes: &[u8], member_name: &str) -> Result<Vec<u8>, SampleError> {
    let mut archive = Archive::for_content(bytes.len());
    archive.add(member_name, bytes)?;
    archive.finish()
}

/// A zip file in the making (PKWARE's APPNOTE 6.3.10, sections 4 and 6.1).
struct Archive {
    bytes: Vec<u8>,
    /// The central directory, which goes to the end.
    directory: Vec<u8>,
    members: u16,
}

impl Archive {
    fn for_content(len: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(len / 2 + 1024),
            directory: Vec::new(),
            members: 0,
        }
    }

    fn add(&mut self, name: &str, content: &[u8]) -> Result<(), SampleError> {
        let size = u32::try_from(content.len()).map_err(|_| SampleError::TooLarge)?;
        let name_len = u16::try_from(name.len()).map_err(|_| SampleError::NameTooLong(name.len()))?;
        let crc = Crc::of(content);
        let offset = self.position()?;
        self.bytes.extend(b"PK\x03\x04");
        let head_at = self.bytes.len();
        put(&mut self.bytes, &[VERSION, FLAGS, DEFLATE, TIME, DATE]);
        self.bytes.extend(crc.to_le_bytes());
        let packed_at = self.bytes.len();
        self.bytes.extend([0; 4]);
        self.bytes.extend(size.to_le_bytes());
        put(&mut self.bytes, &[name_len, 0]);
        let head_end = self.bytes.len();
        self.bytes.extend(name.as_bytes());

        let data_at = self.bytes.len();
        self.encrypt(content, crc)?;
        let packed = u32::try_from(self.bytes.len() - data_at).map_err(|_| SampleError::TooLarge)?;
        if let Some(place) = self.bytes.get_mut(packed_at..packed_at + 4) {
            place.copy_from_slice(&packed.to_le_bytes());
        }

        self.directory.extend(b"PK\x01\x02");
        put(&mut self.directory, &[VERSION]);
        self.directory
            .extend(self.bytes.get(head_at..head_end).unwrap_or_default());
        put(&mut self.directory, &[0, 0, 0, 0, 0]); // comment, disk, two sets of attributes
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.members += 1;
        Ok(())
    }

    /// Compresses and encrypts `content` straight into the archive.
    fn encrypt(&mut self, content: &[u8], crc: u32) -> Result<(), SampleError> {
        let mut keys = Keys::new(PASSWORD);
        // The format wants random bytes here so that equal files look different. Ours must look the same.
        let mut header = [0_u8; CIPHER_HEADER];
        if let Some(last) = header.last_mut() {
            *last = crc.to_be_bytes()[0];
        }
        self.bytes.extend(header.map(|byte| keys.encrypt(byte)));
        let mut compressor = CompressorOxide::default();
        let level = if content.len() < LARGE {
            CompressionLevel::DefaultLevel
        } else {
            CompressionLevel::BestSpeed
        };
        compressor.set_format_and_level(DataFormat::Raw, level as u8);
        let bytes = &mut self.bytes;
        let (status, _) = compress_to_output(&mut compressor, content, TDEFLFlush::Finish, |block| {
            bytes.extend(block.iter().map(|byte| keys.encrypt(*byte)));
            true
        });
        if status == TDEFLStatus::Done {
            Ok(())
        } else {
            Err(SampleError::Compression)
        }
    }

    fn position(&self) -> Result<u32, SampleError> {
        u32::try_from(self.bytes.len()).map_err(|_| SampleError::TooLarge)
    }

    fn finish(mut self) -> Result<Vec<u8>, SampleError> {
        let start = self.position()?;
        let size = u32::try_from(self.directory.len()).map_err(|_| SampleError::TooLarge)?;
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06");
        put(&mut self.bytes, &[0, 0, self.members, self.members]);
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        put(&mut self.bytes, &[0]);
        Ok(self.bytes)
    }
}

fn put(bytes: &mut Vec<u8>, numbers: &[u16]) {
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

#[cfg(test)]
#[path = "sample_tests.rs"]
mod tests;
