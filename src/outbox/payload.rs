//! Packs messages and events for storage with zstd. It streams, so that an event is never in memory as whole JSON text.

use std::io::{self, BufReader, BufWriter, Read, Write};

use zstd::bulk::Compressor;

use super::{OutboxError, Result, RowId};
use crate::misp::event::Draft;

/// Fast. Most of a large message does not compress anyway.
const LEVEL: i32 = 1;

/// Buffer size: JSON is written in small pieces, but the encoder wants large ones.
const CHUNK: usize = 64 << 10;

/// Packs one message after another, with the same tables.
pub(super) struct Packer(Compressor<'static>);

impl Packer {
    pub(super) fn new() -> Result<Self> {
        Compressor::new(LEVEL).map(Self).map_err(OutboxError::Packing)
    }

    pub(super) fn pack(&mut self, raw: &[u8]) -> Result<Vec<u8>> {
        let mut packed = self.0.compress(raw).map_err(OutboxError::Packing)?;
        packed.shrink_to_fit();
        Ok(packed)
    }
}

/// `size` is the number of bytes before packing.
pub(super) fn unpack_raw(id: RowId, packed: &[u8], size: u64) -> Result<Vec<u8>> {
    let unpack = || -> io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        zstd::Decoder::new(packed)?
            .take(size.saturating_add(1))
            .read_to_end(&mut raw)?;
        if raw.len() as u64 == size {
            return Ok(raw);
        }
        let reason = format!("{size} bytes were stored and {} came back", raw.len());
        Err(io::Error::new(io::ErrorKind::InvalidData, reason))
    };
    unpack().map_err(|error| OutboxError::damaged(id, error))
}

pub(super) fn pack_draft(draft: &Draft) -> Result<Vec<u8>> {
    let pack = || -> io::Result<Vec<u8>> {
        let mut writer = BufWriter::with_capacity(CHUNK, zstd::Encoder::new(Vec::new(), LEVEL)?);
        serde_json::to_writer(&mut writer, draft)?;
        writer.flush()?;
        writer.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
    };
    pack().map_err(OutboxError::Packing)
}

pub(super) fn unpack_draft(id: RowId, packed: &[u8]) -> Result<Draft> {
    let unpack = || -> io::Result<Draft> {
        let decoder = zstd::Decoder::new(packed)?;
        Ok(serde_json::from_reader(BufReader::with_capacity(CHUNK, decoder))?)
    };
    unpack().map_err(|error| OutboxError::damaged(id, error))
}
