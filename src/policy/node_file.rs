//! The files of a mail: those attached to it, and those inside them.

use super::Node;
use crate::contents::Opened;
use crate::mail::AttachmentRole;

/// A file that the event may get.
#[derive(Clone, Copy, Debug)]
pub struct NodeFile<'a> {
    pub name: Option<&'a str>,
    /// As the mail declares it; empty of a file inside another.
    pub content_type: &'a str,
    pub bytes: &'a [u8],
    pub role: AttachmentRole,
    /// Its name, or its type where it has none; of a file inside others all of them: `invoice.zip > invoice.exe`.
    pub label: &'a str,
    /// Where in the list the file is that it lies in.
    pub inside: Option<usize>,
    /// What was read of it.
    pub opened: Option<&'a Opened>,
}

impl NodeFile<'_> {
    /// How a person names it who takes it out or asks for it; `None` of what has no name.
    pub fn chosen_by(&self) -> Option<&str> {
        if self.inside.is_some() {
            Some(self.label)
        } else {
            self.name
        }
    }
}

impl<'a> Node<'a> {
    /// All attachments in the order of the mail, then the files inside them. What a document is made of is no file of its own.
    pub fn files(&self) -> Vec<NodeFile<'a>> {
        let opened = &self.contents.files;
        let attached = self
            .mail
            .attachments
            .iter()
            .enumerate()
            .map(|(index, attachment)| NodeFile {
                name: attachment.name.as_deref(),
                content_type: &attachment.content_type,
                bytes: &attachment.bytes,
                role: attachment.role,
                label: attachment.label(),
                inside: None,
                opened: opened.get(index),
            });
        let mut files: Vec<NodeFile<'a>> = attached.collect();
        // For each opened file, where in the list it is, or else the file that it is a part of.
        let mut places: Vec<usize> = (0..files.len().min(opened.len())).collect();
        for file in opened.iter().skip(files.len()) {
            let Some(inner) = &file.inner else { continue };
            let inside = places.get(inner.parent).copied().unwrap_or(file.attachment);
            if inner.is_part {
                places.push(inside);
                continue;
            }
            places.push(files.len());
            files.push(NodeFile {
                name: inner.name.as_deref(),
                content_type: "",
                bytes: &inner.bytes,
                role: AttachmentRole::File,
                label: &file.path,
                inside: Some(inside),
                opened: Some(file),
            });
        }
        files
    }
}
