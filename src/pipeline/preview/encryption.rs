//! Whether a mail came encrypted, and was read.

use crate::domain::words;
use crate::mail::Mail;

words! {
    /// Whether the mail could be read.
    pub enum Encryption {
        None = "none",
        /// The program was given the mail as it came, encrypted; or a part of it is still encrypted.
        Unread = "unread",
        /// The reader's mail program decrypted it.
        Decrypted = "decrypted",
    }
}

impl Encryption {
    pub(super) fn of(mail: &Mail, decrypted: bool) -> Self {
        // Thunderbird also gives back, changed a little, what it could not decrypt.
        if mail.is_encrypted() {
            Self::Unread
        } else if decrypted {
            Self::Decrypted
        } else {
            Self::None
        }
    }
}
