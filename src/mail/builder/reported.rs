//! What machines send about other mails: their reports, and the copies that bounces have in their text.

use bytes::Bytes;

use super::super::leaf::Leaf;
use super::super::{Attachment, AttachmentRole, notice, role};
use super::Builder;
use crate::domain::Defect;

impl Builder<'_> {
    /// Keeps what a report for machines states, and opens the mails in it.
    pub(super) fn report(&mut self, report: notice::Report, leaf: Leaf, bytes: Bytes) {
        self.stated.extend(report.fields);
        for mail in report.mails {
            if self.depth >= self.limits.depth {
                self.defect(Defect::TooDeepAttached);
            } else if self.bounds.take_mail() {
                self.embed(mail.into(), None, false);
            }
        }
        if !report.by_name || !role::is_statement(&bytes) {
            self.file(bytes, leaf);
            return;
        }
        let attachment = Attachment {
            role: AttachmentRole::Report,
            name: leaf.name,
            content_type: leaf.content_type.value,
            bytes: bytes.into(),
            places: Vec::new(),
        };
        self.keep(attachment);
    }

    /// Opens the mail that came back and stands in the text; what is left is what the server says.
    pub(super) fn without_copy<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if self.depth >= self.limits.depth {
            return None;
        }
        let (said, copy) = text.split_at_checked(notice::copy_in(text)?)?;
        if !self.bounds.take_mail() {
            return None;
        }
        self.embed(Bytes::copy_from_slice(copy.as_bytes()), None, false);
        Some(said)
    }
}
