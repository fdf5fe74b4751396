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
    read(&mail, &Passwords::of([Named::of(&mail)], &[]), limits, &|| false)
}

/// Everything that is read of a file and of those inside it: texts, and the targets of links.
pub(in crate::contents) fn said(name: &str, bytes: &[u8]) -> Vec<String> {
    let contents = read_file(name, bytes);
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let of_piece = |piece: &Piece| match &piece.what {
        What::Text { text, .. } | What::Table(text) => vec![text.clone()],
        What::Page(body) => {
            let links = body.links.iter().map(|link| link.target.clone());
            links.chain([body.text.clone()]).collect()
        }
        What::Links(links) => links.iter().map(|link| link.target.clone()).collect(),
        What::Code(code) => vec![code.text.clone()],
        What::Stated(values) => values.iter().map(|stated| stated.value.clone()).collect(),
    };
    pieces.flat_map(of_piece).collect()
}

/// Whether something that was read holds the text.
pub(in crate::contents) fn says(name: &str, bytes: impl AsRef<[u8]>, wanted: &str) -> bool {
    said(name, bytes.as_ref()).iter().any(|text| text.contains(wanted))
}

/// Place and text of every text.
pub(in crate::contents) fn texts(contents: &Contents) -> Vec<(String, String)> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let texts = pieces.filter_map(|piece| match &piece.what {
        What::Text { text, .. } => Some((piece.place.clone(), text.trim().to_owned())),
        _ => None,
    });
    texts.collect()
}
