//! `export`: everything that would be sent, as text to copy.

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use serde::{Deserialize, Serialize};

use super::choices::{Choices, request};
use super::{Call, Fault, Kind, Stage, Whole, lock, object, page};
use crate::config::Settings;
use crate::domain::Mode;
use crate::domain::coding::text_of;
use crate::enrich::Knowledge;
use crate::event::report::defang;
use crate::misp::event::Envelope;
use crate::misp::json::ThreeBytes;
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
        message.make_room();
        let handed = message.handed.clone();
        let Kept { text, size } = match asked.format {
            Format::Misp => events(handed, request, &settings)?,
            format => list(handed, request, &settings, format)?,
        };
        if size > LONGEST {
            let words = format!("{size} bytes are too much to copy; `mispigeon send --dry-run FILE` prints the same");
            let kind = Kind::TooLarge {
                size: size as u64,
                limit: LONGEST as u64,
            };
            return Err(Fault::new(kind, words));
        }
        call.check()?;
        *lock(&message.exported) = text_of(text);
    }
    let exported = lock(&message.exported);
    let (text, next) = page::of_text(&exported, asked.offset);
    Ok(Piece {
        text: Whole(text.to_owned()),
        next,
    })
}

/// A text to copy. What is too much is only counted: the event of a large mail is several times as large as the mail.
#[derive(Default)]
struct Kept {
    text: Vec<u8>,
    size: usize,
}

impl Kept {
    /// Counts so many bytes, and says whether they are to be kept.
    fn has_room(&mut self, bytes: usize) -> bool {
        self.size = self.size.saturating_add(bytes);
        let has_room = self.size <= LONGEST;
        if !has_room {
            self.text = Vec::new();
        }
        has_room
    }

    fn line(&mut self, line: &str) {
        if self.has_room(line.len() + 1) {
            self.text.extend_from_slice(line.as_bytes());
            self.text.push(b'\n');
        }
    }

    /// A line of JSON. Its length is found first, so that nothing is kept of what turns out to be too much.
    fn json(&mut self, value: &impl Serialize) -> serde_json::Result<()> {
        let mut length = Length(0);
        write_json(value, &mut length)?;
        if self.has_room(length.0 + 1) {
            self.text.reserve_exact(length.0 + 1);
            write_json(value, &mut self.text)?;
            self.text.push(b'\n');
        }
        Ok(())
    }
}

fn write_json(value: &impl Serialize, out: impl Write) -> serde_json::Result<()> {
    let mut out = BufWriter::new(ThreeBytes(out));
    serde_json::to_writer(&mut out, value)?;
    out.flush().map_err(serde_json::Error::io)
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The rows that `extract` prints as CSV. As text, only their values, each once, without those of objects.
fn list(handed: Handed, request: Request, settings: &Settings, format: Format) -> Result<Kept, Fault> {
    let is_table = format == Format::Csv;
    let mut text = Kept::default();
    if is_table {
        text.line(&csv_headings(&HEADINGS));
    }
    let mut listed = HashSet::new();
    pipeline::extract(handed, request, settings, &mut |rows| {
        for row in rows.iter().filter(|row| !row.is_skipped()) {
            let line = match () {
                () if is_table => csv_record(&row.cells()),
                () if row.is_in_object() => continue,
                () if !listed.insert(row.value().to_owned()) => continue,
                () => defang(row.value()),
            };
            text.line(&line);
        }
    })?;
    Ok(text)
}

fn events(handed: Handed, request: Request, settings: &Settings) -> Result<Kept, Fault> {
    let mut text = Kept::default();
    for prepared in pipeline::prepare(handed, request, settings)? {
        let draft = pipeline::draft(prepared, settings, &delivery::today(), &mut |_| Knowledge::default())?;
        text.json(&Envelope { event: draft.event })?;
    }
    Ok(text)
}
