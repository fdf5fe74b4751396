//! `mispigeon outbox`: lists, shows, retries, drops, exports and imports what waits for delivery.

use std::path::{Path, PathBuf};

use super::args::{Global, Outbox as Arguments, ReceiptFormat};
use super::failure::Failure;
use super::output::{Columns, Out, printable};
use super::receipt;
use crate::config::Config;
use crate::outbox::{OutboxError, Row, RowState, Stored, Which};
use crate::pipeline::delivery::{Courier, Delivery};

pub fn run(global: &Global, arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
    let settings = config.profile(None).map_err(Failure::config)?;
    let courier = Courier::open(&config, &settings)?.with_program();
    let mut out = Out::new();
    match arguments {
        Arguments::List { all, format } => list(&courier, &mut out, *all, *format)?,
        Arguments::Show { id } => show(&courier, &mut out, *id)?,
        Arguments::Retry { ids, rebuild, due } => {
            let which = if *due { Rows::Due } else { Rows::Of(ids, *rebuild) };
            retry(&courier, &mut out, which)?;
        }
        Arguments::Export { folder } => export(&courier, &mut out, folder)?,
        Arguments::Import { folder } => import(&courier, &mut out, folder)?,
        Arguments::Backup { file } => {
            courier.outbox().backup(file)?;
            out.line(&format!("the outbox is copied to {}", file.display()))?;
        }
        Arguments::Alone { id, lease } => courier.deliver_handed_on(*id, lease)?,
        Arguments::Drop { ids } => {
            for id in ids {
                courier.outbox().drop(*id)?;
                out.line(&format!("dropped entry {id}"))?;
            }
        }
    }
    out.flush()
}

fn list(courier: &Courier<'_>, out: &mut Out, all: bool, format: ReceiptFormat) -> Result<(), Failure> {
    let outbox = courier.outbox();
    let rows = if all { outbox.list()? } else { outbox.waiting()? };
    let mut columns = Columns::new([
        "entry", "state", "since", "next try", "tries", "subject", "origin", "error",
    ]);
    for row in &rows {
        match format {
            ReceiptFormat::Json => out.json(row)?,
            ReceiptFormat::Text => out.row(&mut columns, cells(row))?,
        }
    }
    out.table(&columns)
}

fn cells(row: &Row) -> [String; 8] {
    let next = if row.state == RowState::Pending {
        time(row.due)
    } else {
        String::new()
    };
    [
        row.id.to_string(),
        row.state.to_string(),
        time(row.created),
        next,
        row.attempts.to_string(),
        row.subject.clone().unwrap_or_default(),
        row.origin.clone(),
        words_of(row),
    ]
}

fn words_of(row: &Row) -> String {
    row.error.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|time| time.to_string())
        .unwrap_or_default()
}

fn show(courier: &Courier<'_>, out: &mut Out, id: i64) -> Result<(), Failure> {
    let row = courier.outbox().show(id)?;
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    let facts = [
        ("entry", row.id.to_string()),
        ("state", row.state.to_string()),
        ("origin", row.origin.clone()),
        ("profile", optional(&row.profile)),
        ("subject", optional(&row.subject)),
        ("Message-ID", optional(&row.message_id)),
        ("mail SHA-256", row.identity.clone()),
        ("size", format!("{} bytes", row.size)),
        ("came in", time(row.created)),
        ("tries", row.attempts.to_string()),
        (
            "next try",
            if row.state == RowState::Pending {
                time(row.due)
            } else {
                String::new()
            },
        ),
        ("error", words_of(&row)),
        ("delivered", row.delivered.map(time).unwrap_or_default()),
        ("destination", optional(&row.destination)),
        ("event", row.event_uuid.map(|uuid| uuid.to_string()).unwrap_or_default()),
        ("event id", optional(&row.event_id)),
        ("link", optional(&row.url)),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        out.line(&format!("{name:13} {}", printable(value)))?;
    }
    let (skipped, notes) = match (&row.receipt, courier.outbox().draft(id)) {
        (Some(receipt), _) => (receipt.skipped.clone(), receipt.notes.clone()),
        (None, Ok(Some(draft))) => (draft.skipped, draft.notes),
        (None, _) => Default::default(),
    };
    for note in &notes {
        out.line(&printable(&format!("note          {note}")))?;
    }
    for skipped in &skipped {
        let line = format!("skipped       {} {}: {}", skipped.r#type, skipped.value, skipped.reason);
        out.line(&printable(&line))?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Rows<'a> {
    /// Rows whose time has come.
    Due,
    /// The rows with these numbers, or if there are none all that wait or failed. If true, their events are built
    /// again.
    Of(&'a [i64], bool),
}

fn retry(courier: &Courier<'_>, out: &mut Out, rows: Rows<'_>) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let mut each = |delivery: Delivery| {
        let name = format!("outbox entry {}", delivery.id);
        if let Err(failure) = receipt::print(out, &name, &delivery) {
            failures.push(failure);
        }
        failures.extend(receipt::failure(&name, &delivery));
    };
    match rows {
        Rows::Due => courier.deliver_due(&mut each)?,
        Rows::Of([], rebuild) => {
            courier.retry(Which::All, rebuild, &mut each)?;
            let held = courier.outbox().waiting()?.iter().filter(|row| row.claimed).count();
            if held > 0 {
                out.line(&format!(
                    "another process is delivering {held} more just now; if it was killed, try again in a minute"
                ))?;
            }
        }
        Rows::Of(ids, rebuild) => {
            for id in ids {
                courier.retry(Which::One(*id), rebuild, &mut each)?;
            }
        }
    }
    Failure::of_many(failures)
}

fn export(courier: &Courier<'_>, out: &mut Out, folder: &Path) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let told = |path: PathBuf, written: Result<(), OutboxError>| {
        failures.extend(tell(out, &path, written.map(|()| "written")).err());
    };
    courier.outbox().export(folder, told)?;
    Failure::of_many(failures)
}

fn import(courier: &Courier<'_>, out: &mut Out, folder: &Path) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let told = |path: PathBuf, stored: Result<Stored, OutboxError>| {
        let words = |stored: Stored| match stored.before {
            None => "stored",
            Some(_) => "was there already",
        };
        failures.extend(tell(out, &path, stored.map(words)).err());
    };
    courier.outbox().import(folder, told)?;
    Failure::of_many(failures)
}

/// What became of a file.
fn tell(out: &mut Out, path: &Path, outcome: Result<&str, OutboxError>) -> Result<(), Failure> {
    out.line(&printable(&format!("{}: {}", path.display(), outcome?)))
}
