//! What the receipt says about the mails: their defects, and what of them is not sent as it is.

use std::borrow::Cow;

use super::{Builder, cut};
use crate::domain::{Note, Said};
use crate::misp::json::three_bytes;
use crate::policy::{Case, Plan};

/// Most texts that the note about replaced characters quotes, and the length of each in bytes.
const MAX_PLACES: usize = 10;
const MAX_PLACE: usize = 120;

impl Builder<'_> {
    pub(super) fn note_mails(&mut self, case: &Case<'_>, plan: &Plan) {
        self.note_replaced(case, plan);
        let has_email = plan.nodes.iter().any(|node| node.email.is_some()) || self.emails.iter().any(Option::is_some);
        if self.settings.event.attach_original && case.overrides.decrypted {
            self.notes.push(Note::ClearTextNotAttached.into());
        } else if self.settings.event.attach_original && !has_email {
            self.notes.push(Note::OriginalNotAttached.into());
        }
        let excess = case.nodes.iter().flat_map(|node| &node.mail.excess);
        self.notes.extend(excess.cloned().map(Said::from));
        for node in &case.nodes {
            for defect in &node.mail.defects {
                let defect = Said::from(*defect);
                let note = match node.parent {
                    Some(_) => Note::InInnerMail {
                        noticed: Box::new(defect),
                    }
                    .into(),
                    None => defect,
                };
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
        }
    }

    /// Says where the mail has characters that MISP's columns cannot hold, and that are replaced. URLs keep them in codes.
    fn note_replaced(&mut self, case: &Case<'_>, plan: &Plan) {
        let mut places: Vec<String> = Vec::new();
        let mut look = |text: &str| {
            let is_new = || !places.iter().any(|known| known == text);
            if matches!(three_bytes(text), Cow::Owned(_)) && places.len() < MAX_PLACES && is_new() {
                places.push(cut(text, MAX_PLACE).to_owned());
            }
        };
        for node in &case.nodes {
            look(node.mail.headers.subject().unwrap_or_default());
            let names = node.mail.attachments.iter().filter_map(|file| file.name.as_deref());
            names.for_each(&mut look);
        }
        plan.tags.iter().for_each(|tag| look(tag));
        if !places.is_empty() {
            self.notes.push(Note::CharactersReplaced { places }.into());
        }
    }
}
