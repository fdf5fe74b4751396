//! `export`: what would be sent, as text to copy.

use serde_json::{Value, json};

use super::fault::Fault;
use super::page;
use super::preview::request;
use super::protocol::{Export, ExportFormat};
use super::session::{self, Host, lock};
use super::workers::Task;
use crate::config::{Config, Settings};
use crate::enrich::Knowledge;
use crate::event::report::defang;
use crate::misp::event::Envelope;
use crate::misp::json::to_json;
use crate::pipeline::row::{HEADINGS, csv_headings, csv_record};
use crate::pipeline::{self, Request, delivery};

/// Longest text in bytes: what is longer is no use in a clipboard.
const LONGEST: usize = 16 << 20;

/// Answers `export`.
pub fn export(host: &Host, params: Value, task: &Task<'_>) -> Result<Value, Fault> {
    let export: Export = session::read(params)?;
    task.check()?;
    let message = host.messages.get(&export.message)?;
    let offset = export.offset;
    if offset == 0 {
        let settings = Config::load(host.config.as_deref())?.profile(export.profile.as_deref())?;
        let asked = request(export.mode, export.profile, export.overrides.into());
        task.progress("reading", 0, 1);
        let raw = message.raw.clone();
        let text = match export.format {
            ExportFormat::Misp => events(raw, asked, &settings)?,
            format => list(raw, asked, &settings, format)?,
        };
        if text.len() > LONGEST {
            let words = format!(
                "{} bytes are too much to copy; `mispigeon send --dry-run FILE` prints the same",
                text.len()
            );
            return Err(Fault::new("too_large", words).with(|data| {
                (data.size, data.limit) = (Some(text.len() as u64), Some(LONGEST as u64));
            }));
        }
        *lock(&message.exported) = text;
    }
    task.check()?;
    let exported = lock(&message.exported);
    let (text, next) = page::of_text(&exported, offset);
    Ok(json!({"text": text, "next": next}))
}

/// The rows that `extract` prints as CSV; as text the values alone, without those of objects.
fn list(raw: Vec<u8>, asked: Request, settings: &Settings, format: ExportFormat) -> Result<String, Fault> {
    let is_table = matches!(format, ExportFormat::Csv);
    let mut text = if is_table {
        csv_headings(&HEADINGS) + "\n"
    } else {
        String::new()
    };
    pipeline::extract(raw, asked, settings, &mut |row| {
        let line = match () {
            () if row.is_skipped() => return,
            () if is_table => csv_record(&row.cells()),
            () if row.is_in_object() => return,
            () => defang(row.value()),
        };
        text.push_str(&line);
        text.push('\n');
    })?;
    Ok(text)
}

fn events(raw: Vec<u8>, asked: Request, settings: &Settings) -> Result<String, Fault> {
    let mut text = String::new();
    for prepared in pipeline::prepare(raw, asked, settings)? {
        let draft = pipeline::draft(prepared, settings, &delivery::today(), &mut |_| Knowledge::default())?;
        let json = to_json(&Envelope { event: draft.event });
        let json = json.map_err(|error| Fault::new("internal", error))?;
        text.push_str(&String::from_utf8_lossy(&json));
        text.push('\n');
    }
    Ok(text)
}
