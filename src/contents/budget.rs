//! The limits of one mail, and what of them is used up.

use crate::config::ContentsSettings;

/// Tells that it is enough: time is over, or the person who waited has gone.
pub trait Watch {
    fn is_over(&self) -> bool;
}

impl<F: Fn() -> bool> Watch for F {
    fn is_over(&self) -> bool {
        self()
    }
}

/// Which limit stopped the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Files inside files inside files.
    Depth,
    /// Files in all.
    Files,
    /// Bytes in all.
    Size,
    /// Bytes for each byte of the file that they come from.
    Ratio,
    /// The [`Watch`] is over.
    Time,
}

impl Stop {
    /// The setting that allows more.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Depth => "contents.depth",
            Self::Files => "contents.files",
            Self::Size => "contents.max_size",
            Self::Ratio => "contents.ratio",
            Self::Time => "contents.timeout",
        }
    }
}

/// So many bytes may come out of a file whatever its own size is.
const FREE: usize = 1 << 20;

/// Steps (of about a byte each) between two looks at the watch.
const LOOK_EVERY: usize = 1 << 16;

pub(super) struct Budget<'w> {
    pub limits: &'w ContentsSettings,
    watch: &'w dyn Watch,
    pub files: usize,
    /// Bytes that came out of files, in all.
    bytes: usize,
    /// Bytes that pictures took while they were looked at, in all.
    pictures: usize,
    /// Bytes that were thrown away because one piece was too large, in all.
    thrown_away: usize,
    steps: usize,
}

/// How many times the bytes of all files the pictures of a mail may take: their memory is given back after each.
const PICTURES: usize = 8;

impl<'w> Budget<'w> {
    pub fn new(limits: &'w ContentsSettings, watch: &'w dyn Watch) -> Self {
        Self {
            limits,
            watch,
            files: 0,
            bytes: 0,
            pictures: 0,
            thrown_away: 0,
            steps: 0,
        }
    }

    /// Counts work of so many steps, and looks at the watch now and then.
    pub fn step(&mut self, steps: usize) -> Result<(), Stop> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps >= LOOK_EVERY {
            self.steps = 0;
            return self.look();
        }
        Ok(())
    }

    pub fn look(&self) -> Result<(), Stop> {
        if self.watch.is_over() { Err(Stop::Time) } else { Ok(()) }
    }

    /// How many bytes more may come out of a file of `size` bytes that gave `given` so far, and what stops it then.
    pub fn room(&self, size: usize, given: usize) -> (usize, Stop) {
        let in_all = self.limits.max_size.saturating_sub(self.bytes);
        let by_ratio = size.saturating_mul(self.limits.ratio).max(FREE).saturating_sub(given);
        if by_ratio < in_all {
            (by_ratio, Stop::Ratio)
        } else {
            (in_all, Stop::Size)
        }
    }

    /// How many bytes a picture may take while it is looked at.
    pub fn picture_room(&self) -> usize {
        let in_all = self
            .limits
            .max_size
            .saturating_mul(PICTURES)
            .saturating_sub(self.pictures);
        in_all.min(self.limits.max_size.saturating_mul(2))
    }

    pub fn take_picture(&mut self, bytes: usize) {
        self.pictures = self.pictures.saturating_add(bytes);
    }

    /// Takes bytes back that were not kept; false if that came to as many as may be kept in all.
    pub fn give_back(&mut self, bytes: usize) -> bool {
        self.thrown_away = self.thrown_away.saturating_add(bytes);
        let is_allowed = self.thrown_away <= self.limits.max_size;
        if is_allowed {
            self.bytes = self.bytes.saturating_sub(bytes);
        }
        is_allowed
    }

    pub fn take(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }
}
