//! A file that is attached to a mail. The tests of the program use it too.

use mispigeon::config::{ContentsSettings, TextSettings};
use mispigeon::contents::{self, Named, Passwords};
use mispigeon::domain::Said;
use mispigeon::mail::{Attachment, AttachmentRole, Mail};
use mispigeon::{file, indicator};

/// The bytes as a file of this name, which is attached to a mail; and what is found in it.
pub fn attached(name: &str, bytes: &[u8]) {
    let attachment = Attachment {
        name: Some(name.to_owned()),
        content_type: file::UNKNOWN_TYPE.to_owned(),
        bytes: bytes.to_vec(),
        role: AttachmentRole::File,
        places: Vec::new(),
    };
    let mail = Mail {
        attachments: vec![attachment],
        ..Mail::default()
    };
    let limits = ContentsSettings {
        max_size: 16 << 20,
        files: 50,
        ..ContentsSettings::default()
    };
    let contents = contents::read(&mail, &Passwords::of([Named::of(&mail)], &[]), &limits, &|| false);
    let is_fault = |note: &Said| note.text.contains(contents::FAULT);
    assert!(
        !contents.notes.iter().any(is_fault),
        "a reader panicked: {:?}",
        contents.notes
    );
    let found = indicator::in_contents(&contents, &TextSettings::default(), |_| true).into_vec();
    assert!(found.iter().all(|find| !find.value.is_empty()));
}
