//! How the mails of a case lie in one another, and what follows for their objects: whose files are whose, which sample
//! holds which, where a copy of each is.

use super::object::{Extra, ObjectBuilder};
use crate::mail::EmbeddedKind;
use crate::policy::{Case, Role};

/// The sample whose `email` object refers to the files of node `index`: itself, or, of a report that quotes one single
/// forwarded mail, that mail, whose attachments the mail client hung on the forwarding one.
pub(super) fn owner_of_files(case: &Case<'_>, index: usize) -> Option<usize> {
    let node = case.nodes.get(index)?;
    if node.role == Role::Sample {
        return Some(index);
    }
    let mut forwards = node
        .mail
        .embedded
        .iter()
        .filter(|embedded| embedded.kind == EmbeddedKind::InlineForward);
    let forward = forwards.next().filter(|_| forwards.next().is_none())?;
    case.nodes
        .iter()
        .position(|candidate| std::ptr::eq(candidate.mail, &raw const forward.mail))
}

/// The offset from UTC of the nearest mail around the node at `index` that has one.
pub(super) fn zone_around(case: &Case<'_>, index: usize) -> Option<String> {
    let parent = |index: usize| case.nodes.get(index)?.parent.filter(|parent| *parent < index);
    std::iter::successors(parent(index), |index| parent(*index))
        .filter_map(|index| case.nodes.get(index)?.mail.headers.date())
        .find_map(|date| date.offset().map(str::to_owned))
}

/// A sample inside a sample is referred to by the outer one.
pub(super) fn relate_embedded(case: &Case<'_>, emails: &mut [Option<ObjectBuilder>]) {
    for (index, node) in case.nodes.iter().enumerate() {
        let inner = emails.get(index).and_then(Option::as_ref).map(ObjectBuilder::uuid);
        let outer = node
            .parent
            .and_then(|parent| emails.get_mut(parent))
            .and_then(Option::as_mut);
        if let (Some(inner), Some(outer)) = (inner, outer) {
            outer.refer(inner, "related-to", "Mail inside this mail");
        }
    }
}

/// Puts a copy of each sample into its object. A copy that holds an attached file is zipped with the samples' password,
/// so that no malware lies or travels in clear text.
pub(super) fn attach_originals(case: &Case<'_>, emails: &mut [Option<ObjectBuilder>], raw: &[u8]) {
    for (index, email) in emails.iter_mut().enumerate() {
        let (Some(email), Some(node)) = (email, case.nodes.get(index)) else {
            continue;
        };
        let of_parent = node
            .parent
            .and_then(|parent| case.nodes.get(parent))
            .and_then(|parent| {
                parent
                    .mail
                    .embedded
                    .iter()
                    .find(|embedded| std::ptr::eq(&raw const embedded.mail, node.mail))
            });
        let bytes = match (node.parent, of_parent) {
            (None, _) => raw,
            (Some(_), Some(embedded)) => &embedded.raw,
            (Some(_), None) => continue,
        };
        if node.mail.attachments.is_empty() && node.mail.embedded.is_empty() {
            let data = Some(bytes.to_vec());
            email.add_with(
                "eml",
                "mail.eml",
                Extra {
                    data,
                    ..Extra::default()
                },
            );
        } else if let Ok(zip) = crate::file::sample::zip_plain_name(bytes, "mail.eml") {
            let extra = Extra {
                data: Some(zip),
                comment: "zip with the password infected",
                ..Extra::default()
            };
            email.add_with("eml", "mail.eml.zip", extra);
        }
    }
}
