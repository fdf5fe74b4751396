//! An indicator or a file in a preview, which a person can tick or untick.

use serde::Serialize;

use super::to_text;
use crate::domain::{Reason, host};
use crate::event::report::defang;
use crate::pipeline::preview::{Item, What};
use crate::pipeline::row::Row;
use crate::policy::FileAction;

/// Longest file name in bytes. A file with a longer one cannot be unticked.
const NAME: usize = 4096;

#[derive(Serialize)]
#[serde(tag = "item", rename_all = "lowercase")]
enum Shown<'a> {
    Indicator {
        event: usize,
        #[serde(flatten)]
        row: Row<'a>,
        shown: String,
        /// For `hosts.exclude`.
        #[serde(skip_serializing_if = "Option::is_none")]
        host: Option<&'a str>,
        /// In whose hands its host is: the name that was registered, or the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        owner: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        context: Option<&'a str>,
    },
    Attachment {
        event: usize,
        /// `None` if too long. Names are never cut, because a person unticks a file by its name.
        name: Option<&'a str>,
        content_type: &'a str,
        filetype: Option<&'a str>,
        size: usize,
        sha256: String,
        /// The item of the file that it is in, counted over all items.
        #[serde(skip_serializing_if = "Option::is_none")]
        inside: Option<usize>,
        #[serde(skip_serializing_if = "Option::is_none")]
        password: Option<&'a str>,
        action: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'a Reason>,
    },
}

pub fn item(item: &Item) -> serde_json::Result<String> {
    let event = item.event;
    to_text(&match &item.what {
        What::Indicator { found, action, context } => Shown::Indicator {
            event,
            row: Row::new(found, action),
            shown: defang(&found.value),
            host: found.host(),
            owner: found.host().map(|name| host::in_same_hands(name).unwrap_or(name)),
            context: context.as_deref(),
        },
        What::File {
            name,
            content_type,
            filetype,
            size,
            sha256,
            inside,
            password,
            action,
        } => {
            let (action, reason) = match action {
                FileAction::Sample => ("sample", None),
                FileAction::Benign => ("benign", None),
                FileAction::Skip(reason) => ("skip", Some(reason)),
            };
            Shown::Attachment {
                event,
                name: name.as_deref().filter(|name| name.len() <= NAME),
                content_type,
                filetype: filetype.as_deref(),
                size: *size,
                sha256: sha256.to_string(),
                inside: *inside,
                password: password.as_deref(),
                action,
                reason,
            }
        }
    })
}
