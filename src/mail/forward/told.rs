//! What the header of a mail tells of what its text quotes.

use crate::domain::ForwardWords;
use crate::mail::Headers;

/// What is known besides the text.
#[derive(Clone, Copy, Debug)]
pub(in crate::mail) struct Told<'t> {
    /// The mail answers another one: only a line that says «forwarded» begins a forward.
    pub reply: bool,
    /// The subject says that the mail is a forward.
    pub forward: bool,
    /// The subject, without `Fwd:`.
    pub subject: &'t str,
    /// Words of mail programs besides those that are known.
    pub words: &'t ForwardWords,
}

impl<'t> Told<'t> {
    /// What the header of a mail tells.
    pub fn of(headers: &'t Headers, words: &'t ForwardWords) -> Self {
        let subject = headers.subject().unwrap_or_default();
        let forward = words.is_forward(subject);
        let answers = headers.first("In-Reply-To").is_some() || headers.first("References").is_some();
        Self {
            reply: words.is_reply(subject) || (answers && !forward),
            forward,
            subject: words.without_forward(subject),
            words,
        }
    }

    /// For what stands inside a forward that has begun.
    pub(super) fn inside(self) -> Self {
        Self {
            reply: true,
            forward: false,
            ..self
        }
    }
}
