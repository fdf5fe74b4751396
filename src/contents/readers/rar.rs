//! rar, from the first version to the fifth.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use rars::error::ErrorKind;
use rars::{Archive, ArchiveReadOptions, ArchiveReader, ExtractionDecision};

use crate::contents::{File, Inside, Reader, Stop, Trouble};

/// Most memory of a decoder.
const MEMORY: u64 = 128 << 20;

pub struct Rar;

impl Reader for Rar {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype == "application/x-rar"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let passwords: Vec<Option<String>> = std::iter::once(None)
            .chain(inside.passwords().map(str::to_owned).map(Some))
            .collect();
        for password in passwords {
            match members(file.bytes, password.as_deref(), inside) {
                Err(Trouble::Locked) => inside.step(1 << 16)?,
                other => {
                    if let Some(password) = password.filter(|_| other.is_ok()) {
                        inside.opened_with(&password);
                    }
                    return other;
                }
            }
        }
        Err(Trouble::Locked)
    }
}

/// Bytes of a member, while the archive writes them.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn members(bytes: &[u8], password: Option<&str>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let (room, stop) = inside.room();
    let room = u64::try_from(room).unwrap_or(u64::MAX);
    let mut left = room;
    let options = ArchiveReadOptions::with_optional_password(password.map(str::as_bytes))
        .with_max_header_count(200_000)
        .with_max_header_bytes(16 << 20)
        .with_max_reader_workspace_bytes(MEMORY)
        .with_max_member_output_bytes(room)
        .with_max_total_output_bytes(room)
        .with_rar50_dictionary_size_limit(MEMORY);
    let archive: Archive =
        ArchiveReader::read_with_options(bytes, options).map_err(|error| trouble(&error, password, stop))?;
    let mut sinks: Vec<(String, Sink)> = Vec::new();
    let files = inside.files_left();
    let outcome = archive.extract_with_control(options, |member| {
        if member.meta.is_directory || member.meta.is_redirection {
            return Ok(ExtractionDecision::Skip);
        }
        if sinks.len() > files {
            return Ok(ExtractionDecision::Stop);
        }
        // What is packed with the members before it has to be unpacked, whatever its size.
        let Some(rest) = left.checked_sub(member.meta.unpacked_size) else {
            inside.leave_out(stop);
            return Ok(ExtractionDecision::Skip);
        };
        left = rest;
        let sink = Sink::default();
        sinks.push((member.meta.name_lossy(), sink.clone()));
        Ok(ExtractionDecision::Extract(Box::new(sink)))
    });
    let failed = outcome.err().map(|error| trouble(&error, password, stop));
    if matches!(failed, Some(Trouble::Locked)) {
        return Err(Trouble::Locked);
    }
    for (name, sink) in sinks {
        let bytes = std::mem::take(&mut *sink.0.lock().unwrap_or_else(PoisonError::into_inner));
        if bytes.is_empty() && failed.is_some() {
            continue;
        }
        inside.claim(bytes.len())?;
        inside.file(Some(&name), bytes)?;
    }
    failed.map_or(Ok(()), Err)
}

fn trouble(error: &rars::error::Error, password: Option<&str>, stop: Stop) -> Trouble {
    match error.kind() {
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => Trouble::Locked,
        // A password is tried where none opens it. With a wrong one the headers say anything.
        _ if password.is_some() => Trouble::Locked,
        ErrorKind::ResourceLimit => Trouble::Stopped(stop),
        _ if error.to_string().contains("multivolume") => Trouble::Unsupported("one volume of several of a rar"),
        ErrorKind::UnsupportedFeature | ErrorKind::UnsupportedFormat => Trouble::Unsupported("rar of a rare version"),
        _ => Trouble::broken(error),
    }
}
