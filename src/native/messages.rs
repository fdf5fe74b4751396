//! Messages from the extension, by handle. They grow chunk by chunk and are kept until they are sent or discarded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::fault::{Fault, Kind};
use super::lock;
use crate::domain::{Original, Sha256, Submission};
use crate::mail;
use crate::outbox::RowId;
use crate::pipeline::Handed;
use crate::pipeline::preview::Item;
use crate::pipeline::text::Piece;

/// Most messages at the same time, complete or not.
pub const AT_A_TIME: usize = 32;

/// Largest chunk in bytes, before base64.
pub const LARGEST_CHUNK: usize = 768 << 10;

/// Most bytes of mails that become one event. Servers take no larger one.
const LARGEST_TOGETHER: usize = 256 << 20;

/// A preview with more items takes as much memory as it takes time to make again.
const LONG: usize = 20_000;

/// Most bytes to reserve for a message. The size that the extension announces is only a promise.
const SET_ASIDE: u64 = 64 << 20;

/// A complete message, with the last preview and export of it.
pub struct Message {
    pub handed: Handed,
    /// The entry of the outbox that it is.
    pub entry: Option<Entry>,
    /// The encrypted mail that the reader's mail program decrypted to get this.
    pub decrypts: Option<Original>,
    is_encrypted: bool,
    reviewed: Mutex<Option<Arc<Reviewed>>>,
    /// The last export, for its further pieces.
    pub exported: Mutex<String>,
}

/// An entry of the outbox that a person opened.
pub struct Entry {
    pub row: RowId,
    /// Without its bytes.
    pub submission: Submission,
}

/// The last preview, for its further pages.
pub struct Reviewed {
    pub items: Vec<Item>,
    pub text: Vec<Piece>,
    pub profile: Option<String>,
}

impl Message {
    /// The mail of a message that was taken. A preview may still be using it.
    pub fn into_handed(message: Arc<Self>) -> Handed {
        Arc::try_unwrap(message).map_or_else(|shared| shared.handed.clone(), |message| message.handed)
    }

    /// Whether it is of several mails that were handed over.
    fn is_joined(&self) -> bool {
        self.entry.is_none() && !self.handed.members.is_empty()
    }

    /// Replaces the last preview.
    pub fn keep(&self, reviewed: Reviewed) {
        *lock(&self.reviewed) = Some(Arc::new(reviewed));
    }

    pub fn reviewed(&self) -> Result<Arc<Reviewed>, Fault> {
        lock(&self.reviewed).clone().ok_or_else(|| {
            let words = "there is no preview of this message, or no longer; call `preview` first";
            Fault::new(Kind::NoPreview, words)
        })
    }

    /// Makes room for the event of the whole mail: gives up its last export, and its last preview if that is long.
    pub fn make_room(&self) {
        *lock(&self.exported) = String::new();
        lock(&self.reviewed).take_if(|reviewed| reviewed.items.len() > LONG);
    }
}

/// What is known of a message when it is complete.
pub struct Ended {
    /// SHA-256 of the canonical message; of a decrypted one that of the encrypted mail.
    pub identity: Sha256,
    pub is_encrypted: bool,
}

enum Slot {
    Growing {
        size: u64,
        bytes: Vec<u8>,
        decrypts: Option<Original>,
    },
    Whole(Arc<Message>),
}

impl Slot {
    fn whole(handed: impl Into<Handed>, entry: Option<Entry>, decrypts: Option<Original>, is_encrypted: bool) -> Self {
        Self::Whole(Arc::new(Message {
            handed: handed.into(),
            entry,
            decrypts,
            is_encrypted,
            reviewed: Mutex::default(),
            exported: Mutex::default(),
        }))
    }
}

/// All messages of a session.
#[derive(Default)]
pub struct Messages {
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    by_handle: HashMap<String, Slot>,
    given: u64,
}

impl Slots {
    fn next_handle(&mut self) -> Result<String, Fault> {
        if self.by_handle.len() >= AT_A_TIME {
            let words = format!("{AT_A_TIME} messages are under way already; send or discard one first");
            return Err(Fault::new(Kind::TooMany { limit: AT_A_TIME }, words));
        }
        self.given += 1;
        Ok(format!("m{}", self.given))
    }
}

impl Messages {
    /// Reserves room for a message of `size` bytes. Returns its handle.
    pub fn begin(&self, size: u64, limit: u64) -> Result<String, Fault> {
        self.grow(size, limit, None)
    }

    /// Reserves room for what the reader's mail program decrypted of the message `encrypted`, whose handle ends. The new message
    /// is the same mail. Who could name any mail could give an event the contents of another.
    pub fn begin_decrypted(&self, encrypted: &str, size: u64, limit: u64) -> Result<String, Fault> {
        let message = self.take(encrypted)?;
        if !message.is_encrypted {
            let words = format!("the message {encrypted} is not encrypted");
            return Err(Fault::new(Kind::Invalid, words));
        }
        self.grow(size, limit, Some(mail::original(&message.handed.raw)))
    }

    fn grow(&self, size: u64, limit: u64, decrypts: Option<Original>) -> Result<String, Fault> {
        if size > limit {
            return Err(Fault::too_large(size, limit));
        }
        let mut slots = self.lock();
        let handle = slots.next_handle()?;
        let bytes = Vec::with_capacity(usize::try_from(size.min(SET_ASIDE)).unwrap_or(0));
        let slot = Slot::Growing { size, bytes, decrypts };
        slots.by_handle.insert(handle.clone(), slot);
        Ok(handle)
    }

    /// Adds a chunk of base64 that begins at byte `offset`. Returns the number of bytes so far. A chunk that does not
    /// fit ends the message.
    pub fn chunk(&self, handle: &str, offset: u64, data: &str) -> Result<u64, Fault> {
        let data = BASE64_STANDARD.decode(data);
        let mut slots = self.lock();
        let Some(slot) = slots.by_handle.get_mut(handle) else {
            return Err(unknown(handle));
        };
        let wrong = match (&data, &mut *slot) {
            (_, Slot::Whole(_)) => "the message has ended already".to_owned(),
            (Err(error), _) => format!("the data is not base64: {error}"),
            (Ok(data), Slot::Growing { size, bytes, .. }) => {
                let have = bytes.len() as u64;
                if offset != have {
                    format!("a chunk for byte {offset} when {have} are there")
                } else if data.len() > LARGEST_CHUNK {
                    format!("a chunk of {} bytes, at most {LARGEST_CHUNK} are taken", data.len())
                } else if have + data.len() as u64 > *size {
                    format!("more bytes than the {size} that were announced")
                } else {
                    bytes.extend_from_slice(data);
                    return Ok(bytes.len() as u64);
                }
            }
        };
        slots.by_handle.remove(handle);
        Err(out_of_order(&wrong))
    }

    /// Completes a message.
    pub fn end(&self, handle: &str) -> Result<Ended, Fault> {
        let slot = self.lock().by_handle.remove(handle);
        let (raw, decrypts) = match slot {
            None => return Err(unknown(handle)),
            Some(Slot::Growing { size, bytes, decrypts }) if bytes.len() as u64 == size => (bytes, decrypts),
            Some(Slot::Growing { size, bytes, .. }) => {
                let words = format!("the end after {} of {size} bytes", bytes.len());
                return Err(out_of_order(&words));
            }
            Some(Slot::Whole(_)) => return Err(out_of_order("a second end of the message")),
        };
        let identity = decrypts.as_ref().map(|encrypted| encrypted.identity);
        let ended = Ended {
            identity: identity.unwrap_or_else(|| mail::canonical_sha256(&raw)),
            is_encrypted: decrypts.is_none() && mail::is_encrypted(&raw),
        };
        let slot = Slot::whole(raw, None, decrypts, ended.is_encrypted);
        self.lock().by_handle.insert(handle.to_owned(), slot);
        Ok(ended)
    }

    /// Takes an entry of the outbox. Returns its handle.
    pub fn open(&self, row: RowId, mut submission: Submission) -> Result<String, Fault> {
        let handed = Handed {
            raw: std::mem::take(&mut submission.raw),
            members: std::mem::take(&mut submission.members),
        };
        let mut slots = self.lock();
        let handle = slots.next_handle()?;
        let entry = Some(Entry { row, submission });
        let slot = Slot::whole(handed, entry, None, false);
        slots.by_handle.insert(handle.clone(), slot);
        Ok(handle)
    }

    /// Adds mails to those of `into`, or begins with them. Returns the handle of all, and how many they are.
    pub fn join(&self, into: Option<&str>, parts: Vec<Submission>) -> Result<(String, usize), Fault> {
        let mut slots = self.lock();
        let before = match into.map(|handle| (handle, slots.by_handle.get(handle))) {
            None => 0,
            Some((_, Some(Slot::Whole(message)))) if message.is_joined() => message.handed.raw.len(),
            Some((handle, Some(_))) => {
                return Err(Fault::new(Kind::Invalid, format!("{handle} was not made by `join`")));
            }
            Some((handle, None)) => return Err(unknown(handle)),
        };
        let size = parts
            .iter()
            .fold(before, |size, part| size.saturating_add(part.raw.len()));
        if size > LARGEST_TOGETHER {
            return Err(Fault::too_large(size as u64, LARGEST_TOGETHER as u64));
        }
        let earlier = into.and_then(|handle| slots.by_handle.remove(handle));
        let mut handed = match earlier {
            Some(Slot::Whole(message)) => Message::into_handed(message),
            _ => Handed::default(),
        };
        handed.add(parts);
        let count = handed.members.len();
        let handle = into.map_or_else(|| slots.next_handle(), |handle| Ok(handle.to_owned()))?;
        slots
            .by_handle
            .insert(handle.clone(), Slot::whole(handed, None, None, false));
        Ok((handle, count))
    }

    pub fn discard(&self, handle: &str) -> Result<(), Fault> {
        match self.lock().by_handle.remove(handle) {
            Some(_) => Ok(()),
            None => Err(unknown(handle)),
        }
    }

    /// Fails if the message is not complete.
    pub fn get(&self, handle: &str) -> Result<Arc<Message>, Fault> {
        match self.lock().by_handle.get(handle) {
            Some(Slot::Whole(message)) => Ok(Arc::clone(message)),
            Some(Slot::Growing { .. }) => Err(out_of_order("the message is not there as a whole yet")),
            None => Err(unknown(handle)),
        }
    }

    /// Returns a complete message and ends its handle.
    pub fn take(&self, handle: &str) -> Result<Arc<Message>, Fault> {
        let message = self.get(handle)?;
        self.discard(handle)?;
        Ok(message)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Slots> {
        lock(&self.slots)
    }
}

fn unknown(handle: &str) -> Fault {
    Fault::new(
        Kind::UnknownMessage,
        format!("there is no message {handle} (any more); hand it over again"),
    )
}

fn out_of_order(what: &str) -> Fault {
    Fault::new(Kind::OutOfOrder, format!("{what}; hand the message over again"))
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
