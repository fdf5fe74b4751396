//! `message.*`: the extension hands over a message in pieces.

use serde::{Deserialize, Serialize};

use super::choices::ORIGIN;
use super::messages::Message;
use super::send::nothing_left;
use super::{Call, Fault, Kind, Nothing};
use crate::config::Settings;
use crate::domain::{Mode, Overrides, Sha256, Submission};
use crate::pipeline;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Those that the mail joins; `None` for the first.
    #[serde(default)]
    into: Option<String>,
    message: String,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    profile: Option<String>,
    /// Mails of a carrier that do not come along.
    #[serde(default)]
    left_out: Vec<Sha256>,
}

#[derive(Serialize)]
pub struct Joined {
    message: String,
    mails: usize,
}

/// Makes one message of several, for one event. Tells what each mail is, and takes a carrier apart. Ends the handle of the mail.
pub fn join(call: &Call<'_>, asked: Join) -> Result<Joined, Fault> {
    let message = call.session.messages.take(&asked.message)?;
    if message.decrypts.is_some() {
        // The event of several mails is not marked as decrypted, and its row is not overwritten.
        let words = format!("{} was decrypted, and goes into an event of its own", asked.message);
        return Err(Fault::new(Kind::Invalid, words));
    }
    call.check()?;
    let settings = call.settings(asked.profile.as_deref())?;
    let request = pipeline::Request {
        origin: ORIGIN.to_owned(),
        mode: asked.mode,
        profile: asked.profile,
        overrides: Overrides::default(),
        left_out: asked.left_out,
        original: None,
    };
    let prepared = pipeline::prepare(Message::into_handed(message), request, &settings)?;
    let parts: Vec<Submission> = prepared.into_iter().map(|prepared| prepared.submission).collect();
    if parts.is_empty() {
        return Err(nothing_left());
    }
    let (message, mails) = call.session.messages.join(asked.into.as_deref(), parts)?;
    Ok(Joined { message, mails })
}

pub fn discard(call: &Call<'_>, Handle { message }: Handle) -> Result<Nothing, Fault> {
    call.session.messages.discard(&message)?;
    Ok(Nothing {})
}
