//! Documents with a password. The new formats lie encrypted in a compound file.

use std::io::{Cursor, Write};

use super::store::Store;
use crate::contents::readers::office::bytes::u32_at;
use crate::contents::{Inside, Trouble};
use crate::domain::contained::contained;

/// Bytes of the first piece, which has a key of its own.
const FIRST: usize = 4096;
/// Longest description of an encryption.
const LONGEST_INFO: usize = 1 << 16;

/// The document that is encrypted in a compound file; `None` if none is.
pub fn package(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(encrypted) = store.top("EncryptedPackage", inside)? else {
        return Ok(None);
    };
    let info = store.top("EncryptionInfo", inside)?.unwrap_or_default();
    if info.len() > LONGEST_INFO {
        return Err(Trouble::broken("description of the encryption"));
    }
    if hashes(&info) > MOST_HASHES {
        return Err(Trouble::Unsupported("this encryption of Office"));
    }
    let size = u32_at(&encrypted, 0).unwrap_or_default();
    let body = encrypted.get(8..).unwrap_or_default();
    let body = body.get(..size.div_ceil(16).saturating_mul(16)).unwrap_or(body);
    // A length that is wrong by a little is taken from what is there.
    let size = size.min(body.len());
    let first = body.get(..FIRST.min(body.len() / 16 * 16)).unwrap_or_default();
    let passwords: Vec<String> = inside.passwords().map(str::to_owned).collect();
    for password in passwords {
        inside.step(STEPS_OF_A_TRY)?;
        // The first bytes of an archive tell the right password, before everything is decrypted.
        if !decrypt(&info, first, first.len().min(size), &password)?.starts_with(b"PK") {
            continue;
        }
        inside.claim(size)?;
        let bytes = decrypt(&info, body, size, &password)?;
        inside.opened_with(&password);
        return Ok(Some(bytes));
    }
    Err(Trouble::Locked)
}

/// How many hashes a password costs, as the description says; 0 where it says nothing.
fn hashes(info: &[u8]) -> usize {
    const NAME: &[u8] = b"spinCount=\"";
    let at = memchr::memmem::find(info, NAME).map(|at| at + NAME.len());
    let digits = at.and_then(|at| info.get(at..)).unwrap_or_default();
    let digits = digits.iter().take(20).take_while(|digit| digit.is_ascii_digit());
    digits.fold(0, |number: usize, digit| {
        number.saturating_mul(10).saturating_add(usize::from(digit - b'0'))
    })
}

/// Office makes a hundred thousand. Of more, the many passwords would take too long.
const MOST_HASHES: usize = 200_000;

/// A password costs a hundred thousand hashes.
const STEPS_OF_A_TRY: usize = 1 << 16;

/// Decrypts in a compound file of our own making: the crate follows what a hostile one says about itself. It panics where a
/// description of the encryption is too short.
fn decrypt(info: &[u8], body: &[u8], size: usize, password: &str) -> Result<Vec<u8>, Trouble> {
    let mut package = u64::try_from(size).unwrap_or_default().to_le_bytes().to_vec();
    package.extend_from_slice(body);
    let sound = build(&[("EncryptionInfo", info), ("EncryptedPackage", &package)]).map_err(Trouble::broken)?;
    match contained(|| office_crypto::decrypt_from_bytes(sound, password)) {
        Some(Ok(bytes)) => Ok(bytes),
        Some(Err(office_crypto::DecryptError::Unimplemented(_))) => {
            Err(Trouble::Unsupported("this encryption of Office"))
        }
        Some(Err(error)) => Err(Trouble::broken(error)),
        None => Err(Trouble::broken("description of the encryption")),
    }
}

fn build(streams: &[(&str, &[u8])]) -> std::io::Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    for (name, bytes) in streams {
        file.create_stream(format!("/{name}"))?.write_all(bytes)?;
    }
    file.flush()?;
    Ok(file.into_inner().into_inner())
}
