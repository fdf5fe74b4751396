//! `preview.text`: the text of the mail that was last previewed, with the places of the items, in pages.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Call, Fault, page, to_text};
use crate::pipeline::text::Piece;

/// Most pieces in one answer.
const PIECES: usize = 2000;

/// Most bytes of JSON in an answer. A page shows as much at a time.
const FULL: usize = 128 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    message: String,
    offset: usize,
}

#[derive(Serialize)]
pub struct Pieces {
    pieces: Box<RawValue>,
    next: Option<usize>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a> {
    Part {
        part: &'a str,
        event: usize,
        subject: Option<&'a str>,
    },
    Text {
        text: &'a str,
        #[serde(skip_serializing_if = "<[usize]>::is_empty")]
        items: &'a [usize],
    },
}

pub fn text(call: &Call<'_>, Read { message, offset }: Read) -> Result<Pieces, Fault> {
    let reviewed = call.session.messages.get(&message)?.reviewed()?;
    let (pieces, next) = page::of(&reviewed.text, offset, PIECES, FULL, piece)?;
    Ok(Pieces { pieces, next })
}

fn piece(piece: &Piece) -> serde_json::Result<String> {
    to_text(&match piece {
        Piece::Part { event, subject, name } => Shown::Part {
            part: name,
            event: *event,
            subject: subject.as_deref(),
        },
        Piece::Text { text, items } => Shown::Text { text, items },
    })
}
