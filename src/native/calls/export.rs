//! `export`: everything that would be sent, as text to copy.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::choices::{Choices, request};
use super::{Call, Fault, Kind, Stage, Whole, lock, object, page};
use crate::config::Settings;
use crate::domain::Mode;
use crate::enrich::Knowledge;
use crate::event::report::defang;
use crate::misp::event::Envelope;
use crate::misp::json::to_json;
use crate::pipeline::row::{HEADINGS, csv_headings, csv_record};
use crate::pipeline::{self, Handed, Request, delivery};

/// Most bytes of text. More is of no use in a clipboard.
const LONGEST: usize = 16 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    message: String,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default, deserialize_with = "object")]
    overrides: Choices,
    format: Format,
    /// Number of bytes that earlier pieces had.
    offset: usize,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Format {
    Text,
    Csv,
    Misp,
}

#[derive(Serialize)]
pub struct Piece {
    text: Whole<String>,
    next: Option<usize>,
}

/// Makes the text when the first piece is asked for, and keeps it for the others.
pub fn export(call: &Call<'_>, asked: Export) -> Result<Piece, Fault> {
    call.check()?;
    let message = call.session.messages.get(&asked.message)?;
    if asked.offset == 0 {
        let request = request(&message, asked.mode, asked.profile, asked.overrides)?;
        let settings = call.settings(request.profile.as_deref())?;
        call.progress(Stage::Reading, 0, 1);
        let handed = message.handed.clone();
        let text = match asked.format {
            Format::Misp => events(handed, request, &settings)?,
            format => list(handed, request, &settings, format)?,
        };
        if text.len() > LONGEST {
            let words = format!(
                "{} bytes are too much to copy; `mispigeon send --dry-run FILE` prints the same",
                text.len()
            );
            let kind = Kind::TooLarge {
                size: text.len() as u64,
                limit: LONGEST as u64,
            };
            return Err(Fault::new(kind, words));
        }
        *lock(&message.exported) = text;
    }
    call.check()?;
    let exported = lock(&message.exported);
    let (text, next) = page::of_text(&exported, asked.offset);
    Ok(Piece {
        text: Whole(text.to_owned()),
        next,
    })
}

/// The rows that `extract` prints as CSV. As text, only their values, each once, without those of objects.
fn list(handed: Handed, request: Request, settings: &Settings, format: Format) -> Result<String, Fault> {
    let is_table = format == Format::Csv;
    let mut text = if is_table {
        csv_headings(&HEADINGS) + "\n"
    } else {
        String::new()
    };
    let mut listed = HashSet::new();
    pipeline::extract(handed, request, settings, &mut |rows| {
        for row in rows.iter().filter(|row| !row.is_skipped()) {
            let line = match () {
                () if is_table => csv_record(&row.cells()),
                () if row.is_in_object() => continue,
                () if !listed.insert(row.value().to_owned()) => continue,
                () => defang(row.value()),
            };
            text.push_str(&line);
            text.push('\n');
        }
    })?;
    Ok(text)
}

fn events(handed: Handed, request: Request, settings: &Settings) -> Result<String, Fault> {
    let mut text = String::new();
    for prepared in pipeline::prepare(handed, request, settings)? {
        let draft = pipeline::draft(prepared, settings, &delivery::today(), &mut |_| Knowledge::default())?;
        text.push_str(&String::from_utf8_lossy(&to_json(&Envelope { event: draft.event })?));
        text.push('\n');
    }
    Ok(text)
}
