//! `message.*`: the extension hands over a message in pieces.

use serde::{Deserialize, Serialize};

use super::{Call, Fault, Nothing};
use crate::config::Settings;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// Bytes to come.
    size: u64,
    /// Handle of the same mail as it came, encrypted. It ends.
    #[serde(default)]
    decrypted_of: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunk {
    message: String,
    /// Number of bytes that came before.
    offset: u64,
    /// Base64.
    data: String,
}

#[derive(Serialize)]
pub struct Received {
    /// Bytes so far.
    received: u64,
}

/// The name of a message while the program has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handle {
    message: String,
}

#[derive(Serialize)]
pub struct Identity {
    /// SHA-256 of the canonical message.
    identity: String,
    /// The message is encrypted, and cannot be read as it is.
    encrypted: bool,
}

/// Most bytes of a message. If the configuration cannot be read, this is the default; calls that need it report the
/// error.
pub fn largest(call: &Call<'_>) -> u64 {
    let settings = call.settings(None).unwrap_or_else(|_| Settings::default());
    settings.mail.max_size as u64
}

pub fn begin(call: &Call<'_>, Begin { size, decrypted_of }: Begin) -> Result<Handle, Fault> {
    let messages = &call.session.messages;
    let message = match decrypted_of {
        Some(encrypted) => messages.begin_decrypted(&encrypted, size, largest(call))?,
        None => messages.begin(size, largest(call))?,
    };
    Ok(Handle { message })
}

pub fn chunk(call: &Call<'_>, Chunk { message, offset, data }: Chunk) -> Result<Received, Fault> {
    let received = call.session.messages.chunk(&message, offset, &data)?;
    Ok(Received { received })
}

pub fn end(call: &Call<'_>, Handle { message }: Handle) -> Result<Identity, Fault> {
    let ended = call.session.messages.end(&message)?;
    Ok(Identity {
        identity: ended.identity.to_string(),
        encrypted: ended.is_encrypted,
    })
}

pub fn discard(call: &Call<'_>, Handle { message }: Handle) -> Result<Nothing, Fault> {
    call.session.messages.discard(&message)?;
    Ok(Nothing {})
}
