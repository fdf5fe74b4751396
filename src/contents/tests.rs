//! Facts about looking into attachments that no single format has.

use super::*;
use crate::config::ContentsSettings;
use crate::mail::{Attachment, AttachmentRole, Mail};

/// What is read of one attachment.
pub(in crate::contents) fn read_file(name: &str, bytes: &[u8]) -> Contents {
    read_with(name, bytes, &ContentsSettings::default())
}

pub(in crate::contents) fn read_with(name: &str, bytes: &[u8], limits: &ContentsSettings) -> Contents {
    let file = Attachment {
        name: Some(name.to_owned()),
        content_type: "application/octet-stream".to_owned(),
        bytes: bytes.to_vec(),
        role: AttachmentRole::File,
        places: Vec::new(),
    };
    let mail = Mail {
        attachments: vec![file],
        ..Mail::default()
    };
    read(&mail, &Passwords::of([&mail], &[]), limits, &|| false)
}
