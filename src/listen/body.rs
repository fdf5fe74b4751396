//! A message while it is received: in memory, or in a file when it is large, so that many slow peers do not fill the memory.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::PathBuf;
use std::time::Duration;

use super::room::{Hold, Peer, Room};
use crate::faults;

/// Memory that a message gets at first.
const FIRST: usize = 4 << 10;

/// The disk is asked for in such pieces.
const PIECE: usize = 1 << 20;

/// Where messages stay while they are received.
pub(super) struct Spool {
    /// The folder of the files. They have no name, and end with the message or the process.
    pub(super) folder: PathBuf,
    /// A larger message goes into a file.
    pub(super) above: usize,
    pub(super) memory: Room,
    pub(super) disk: Room,
}

enum Kept {
    Memory(Vec<u8>),
    File { file: BufWriter<File>, size: usize },
    Refused(Refused),
}

/// Why a message is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooLarge,
    /// There is neither memory nor disk for it now.
    NoRoom,
}

/// What is kept of a message that is read.
pub(super) struct Body<'s> {
    limit: usize,
    spool: &'s Spool,
    memory: Hold<'s>,
    disk: Hold<'s>,
    no_room: &'s (dyn Fn() + Sync),
    kept: Kept,
}

impl Spool {
    /// Room for a message of at most `limit` bytes. Calls `no_room` when there is none.
    pub(super) fn body<'s>(&'s self, limit: usize, peer: Option<Peer>, no_room: &'s (dyn Fn() + Sync)) -> Body<'s> {
        Body {
            limit,
            spool: self,
            memory: self.memory.hold(peer),
            disk: self.disk.hold(peer),
            no_room,
            kept: Kept::Memory(Vec::new()),
        }
    }

    /// Whether there is little room for others.
    pub(super) fn is_tight(&self) -> bool {
        self.memory.is_tight() || self.disk.is_tight()
    }
}

impl Body<'_> {
    /// Adds a part. Of a message that will be refused, memory and file are freed at once.
    pub(super) fn add(&mut self, part: &[u8]) {
        if let Err(refused) = self.try_add(part) {
            self.kept = Kept::Refused(refused);
            self.memory.grow(0);
            self.disk.grow(0);
            if refused == Refused::NoRoom {
                (self.no_room)();
            }
        }
    }

    fn try_add(&mut self, part: &[u8]) -> Result<(), Refused> {
        let size = part.len()
            + match &self.kept {
                Kept::Memory(bytes) => bytes.len(),
                Kept::File { size, .. } => *size,
                Kept::Refused(_) => return Ok(()),
            };
        if size > self.limit {
            return Err(Refused::TooLarge);
        }
        if size > self.spool.above {
            self.move_to_file()?;
        }
        match &mut self.kept {
            Kept::Memory(bytes) => {
                if size > bytes.capacity() {
                    let capacity = size.max(bytes.capacity() * 2).min(self.limit).max(FIRST);
                    if !self.memory.grow(capacity) {
                        return Err(Refused::NoRoom);
                    }
                    bytes.reserve_exact(capacity - bytes.len());
                }
                bytes.extend_from_slice(part);
            }
            Kept::File { file, size: written } => {
                if !self.disk.grow(size.next_multiple_of(PIECE).min(self.limit)) {
                    return Err(Refused::NoRoom);
                }
                file.write_all(part).map_err(|error| no_room(&error))?;
                *written = size;
            }
            Kept::Refused(_) => {}
        }
        Ok(())
    }

    fn move_to_file(&mut self) -> Result<(), Refused> {
        if let Kept::Memory(bytes) = &self.kept {
            let make = || {
                faults::point("listen.spool")?;
                let mut file = BufWriter::new(tempfile::tempfile_in(&self.spool.folder)?);
                file.write_all(bytes).map(|()| file)
            };
            let file = make().map_err(|error| no_room(&error))?;
            let size = bytes.len();
            self.kept = Kept::File { file, size };
            self.memory.grow(0);
        }
        Ok(())
    }

    /// Why the message is refused, if it is.
    pub(super) const fn refused(&self) -> Option<Refused> {
        match self.kept {
            Kept::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    /// The whole message in memory, which counts as taken until the body is dropped. One from a file waits so long for memory.
    pub(super) fn take(&mut self, patience: Duration) -> Result<Vec<u8>, Refused> {
        match std::mem::replace(&mut self.kept, Kept::Memory(Vec::new())) {
            Kept::Memory(bytes) => Ok(bytes),
            Kept::Refused(refused) => Err(refused),
            Kept::File { file, size } => {
                if !self.memory.grow_within(size, patience) {
                    return Err(Refused::NoRoom);
                }
                let read = || {
                    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                    file.rewind()?;
                    let mut bytes = Vec::with_capacity(size);
                    file.read_to_end(&mut bytes).map(|_| bytes)
                };
                let bytes = read().map_err(|error| no_room(&error))?;
                self.disk.grow(0);
                Ok(bytes)
            }
        }
    }
}

fn no_room(error: &io::Error) -> Refused {
    tracing::error!("a large message could not be kept in a file while it was received: {error}");
    Refused::NoRoom
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn spool(folder: &std::path::Path, memory: usize, disk: usize) -> Spool {
        Spool {
            folder: folder.to_owned(),
            above: 100_000,
            memory: Room::new(memory, 0),
            disk: Room::new(disk, 0),
        }
    }

    fn fill(body: &mut Body<'_>, bytes: &[u8]) {
        bytes.chunks(30_000).for_each(|part| body.add(part));
    }

    #[test]
    fn a_large_message_waits_in_a_file_and_comes_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let spool = spool(folder.path(), 1 << 20, 8 << 20);
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(900_000).collect();
        let mut bodies: Vec<_> = (0..5).map(|_| spool.body(1 << 20, None, &|| ())).collect();
        for body in &mut bodies {
            fill(body, &bytes);
            assert!(matches!(body.kept, Kept::File { .. }) && body.refused().is_none());
        }
        assert!(!spool.memory.is_tight(), "what is in files takes no memory");
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "the files have no name"
        );
        assert!(bodies[0].take(Duration::ZERO).unwrap() == bytes);
        assert_eq!(
            bodies[1].take(Duration::ZERO),
            Err(Refused::NoRoom),
            "the memory is taken"
        );
        let third = &mut bodies.split_off(2)[0];
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| third.take(Duration::from_mins(1)));
            drop(bodies);
            assert!(
                waits.join().unwrap().unwrap() == bytes,
                "it waits for what the first one gives back"
            );
        });
    }

    #[test]
    fn a_message_that_finds_no_room_takes_none() {
        let folder = tempfile::tempdir().unwrap();
        let full = spool(folder.path(), 1 << 20, 1 << 20);
        let told = AtomicUsize::new(0);
        let tell = || _ = told.fetch_add(1, Ordering::SeqCst);
        let bytes = vec![b'x'; 2_000_000];
        let mut body = full.body(4 << 20, None, &tell);
        fill(&mut body, &bytes);
        assert_eq!(
            (body.refused(), told.load(Ordering::SeqCst)),
            (Some(Refused::NoRoom), 1)
        );
        assert!(!full.is_tight());
        let mut body = full.body(1 << 20, None, &tell);
        fill(&mut body, &bytes);
        assert_eq!(
            (body.refused(), told.load(Ordering::SeqCst)),
            (Some(Refused::TooLarge), 1)
        );
        let nowhere = spool(&folder.path().join("is not there"), 1 << 20, 8 << 20);
        let mut body = nowhere.body(4 << 20, None, &tell);
        fill(&mut body, &bytes);
        assert_eq!(
            (body.refused(), told.load(Ordering::SeqCst)),
            (Some(Refused::NoRoom), 2)
        );
    }
}
