//! Messages and events packed for storage: zstd, streamed, so that an event is never held as JSON text in whole.

use std::io::{BufReader, BufWriter, Read, Write};

use zstd::bulk::Compressor;

use super::{OutboxError, Result, RowId};
use crate::misp::event::Draft;

/// Level 1 of zstd: fast, and most of a large message does not compress anyway.
const LEVEL: i32 = 1;

/// JSON is written in small pieces; the encoder wants large ones.
const CHUNK: usize = 64 << 10;

/// Packs one message after the other; its tables are made once.
pub(super) struct Packer(Compressor<'static>);

impl Packer {
    pub(super) fn new() -> Result<Self> {
        Compressor::new(LEVEL).map(Self).map_err(|error| failed(&error))
    }

    pub(super) fn pack(&mut self, raw: &[u8]) -> Result<Vec<u8>> {
        let mut packed = self.0.compress(raw).map_err(|error| failed(&error))?;
        packed.shrink_to_fit();
        Ok(packed)
    }
}

fn failed(error: &std::io::Error) -> OutboxError {
    OutboxError::Packing(error.to_string())
}

/// `size` is that of the message when it was packed.
pub(super) fn unpack_raw(id: RowId, packed: &[u8], size: u64) -> Result<Vec<u8>> {
    let damaged = |reason: String| OutboxError::Damaged { id, reason };
    let mut raw = Vec::new();
    let decoder = zstd::Decoder::new(packed).map_err(|error| damaged(error.to_string()))?;
    decoder
        .take(size.saturating_add(1))
        .read_to_end(&mut raw)
        .map_err(|error| damaged(error.to_string()))?;
    if raw.len() as u64 == size {
        Ok(raw)
    } else {
        Err(damaged(format!("{size} bytes were stored and {} came back", raw.len())))
    }
}

pub(super) fn pack_draft(draft: &Draft) -> Result<Vec<u8>> {
    let pack = || -> std::io::Result<Vec<u8>> {
        let mut writer = BufWriter::with_capacity(CHUNK, zstd::Encoder::new(Vec::new(), LEVEL)?);
        serde_json::to_writer(&mut writer, draft)?;
        writer.flush()?;
        writer
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .finish()
    };
    pack().map_err(|error| failed(&error))
}

pub(super) fn unpack_draft(id: RowId, packed: &[u8]) -> Result<Draft> {
    let damaged = |reason: String| OutboxError::Damaged { id, reason };
    let decoder = zstd::Decoder::new(packed).map_err(|error| damaged(error.to_string()))?;
    let reader = BufReader::with_capacity(CHUNK, decoder);
    serde_json::from_reader(reader).map_err(|error| damaged(error.to_string()))
}
