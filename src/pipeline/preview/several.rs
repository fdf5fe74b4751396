//! What each of several mails would bring to one event.

use std::collections::BTreeSet;

use super::{Encryption, Handed, Prepared, Preview, Request};
use crate::config::Settings;
use crate::contents::Watch;
use crate::domain::{By, Judgement, Mode};
use crate::event::derive;
use crate::mail::MailError;

/// Looks at mails that were handed over together.
pub(super) fn of_several(
    handed: Handed,
    request: Request,
    settings: &Settings,
    (today, watch): (&str, &dyn Watch),
) -> Result<Preview, MailError> {
    let whole = handed.together(request).ok_or(MailError::Empty)?;
    let mut preview = Preview {
        subject: whole.subject.clone(),
        from: None,
        date: None,
        message_id: None,
        size: whole.raw.len(),
        encryption: Encryption::None,
        mode: Judgement::given(Mode::Carrier, By::Chosen),
        attached: whole.members.len(),
        marking: None,
        together: Some(whole.identity),
        events: Vec::new(),
        items: Vec::new(),
        text: Vec::new(),
        notes: Vec::new(),
        about_people: Vec::new(),
        taken_out: BTreeSet::new(),
        unread: false,
    };
    let uuid = derive::event(
        whole.identity,
        whole.profile.as_deref(),
        whole.overrides.event.as_deref(),
    );
    for part in Prepared::from(whole).apart() {
        preview.add(part, settings, (today, watch))?;
    }
    preview.events.iter_mut().for_each(|event| event.uuid = uuid);
    Ok(preview)
}
