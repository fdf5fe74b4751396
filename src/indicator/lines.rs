//! Lines of a text: which of them are read at all, which number one has, and which belong to a list of hosts.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem, memrchr};

use super::bare;
use crate::config::TextSettings;

/// The stretches of the text that are to be read: before the stop word, without ignored lines.
pub fn stretches(text: &str, options: &TextSettings) -> Vec<Range<usize>> {
    let stop = options.stop_word.as_deref().filter(|word| !word.is_empty());
    let hit = stop.and_then(|word| memmem::find(text.as_bytes(), word.as_bytes()));
    let end = hit.map_or(text.len(), |hit| line_start(text.as_bytes(), hit));
    let ignored: Vec<&str> = options
        .ignore_lines
        .iter()
        .map(String::as_str)
        .filter(|line| !line.is_empty())
        .collect();
    if ignored.is_empty() {
        return std::iter::once(0..end).collect();
    }
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.get(..end).unwrap_or_default().split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        if ignored.iter().any(|prefix| line.trim_start().starts_with(prefix)) {
            continue;
        }
        match stretches.last_mut().filter(|last| last.end == range.start) {
            Some(last) => last.end = range.end,
            None => stretches.push(range),
        }
    }
    stretches
}

fn line_start(bytes: &[u8], i: usize) -> usize {
    bytes
        .get(..i)
        .and_then(|head| memrchr(b'\n', head))
        .map_or(0, |nl| nl + 1)
}

/// Counts lines up to a position, forward only, so that every byte is counted once.
#[derive(Clone, Debug)]
pub struct LineCounter {
    position: usize,
    line: u32,
}

impl Default for LineCounter {
    fn default() -> Self {
        Self { position: 0, line: 1 }
    }
}

impl LineCounter {
    /// The line number at `i`, from 1.
    pub fn at(&mut self, bytes: &[u8], i: usize) -> u32 {
        if let Some(passed) = bytes.get(self.position..i) {
            let lines = u32::try_from(memchr_iter(b'\n', passed).count()).unwrap_or(u32::MAX);
            self.line = self.line.saturating_add(lines);
            self.position = i;
        }
        self.line
    }
}

/// Remembers the block of lines last judged, so that no line is judged twice.
#[derive(Debug, Default)]
pub struct HostLists {
    block: Range<usize>,
    is_list: bool,
}

impl HostLists {
    /// Whether the line at `i` consists of hosts alone and stands among lines like it, most of which are surely hosts.
    pub fn contains(&mut self, text: &str, i: usize) -> bool {
        if !self.block.contains(&i) {
            self.judge(text, i);
        }
        self.is_list
    }

    fn judge(&mut self, text: &str, i: usize) {
        let bytes = text.as_bytes();
        let start = line_start(bytes, i);
        let end_of = |start: usize| {
            bytes
                .get(start..)
                .and_then(|rest| memchr(b'\n', rest))
                .map_or(text.len(), |n| start + n)
        };
        let (mut sure, mut unsure) = (0, 0);
        let mut count = |range: Range<usize>| {
            let hosts = text.get(range).and_then(hosts_of)?;
            sure += hosts.0;
            unsure += hosts.1;
            Some(())
        };
        let mut block = start..end_of(start);
        if count(block.clone()).is_none() {
            (self.block, self.is_list) = (block, false);
            return;
        }
        while block.end < text.len() {
            let next = block.end + 1..end_of(block.end + 1);
            if next.is_empty() || count(next.clone()).is_none() {
                break;
            }
            block.end = next.end;
        }
        while block.start > self.block.end.max(1) {
            let previous = line_start(bytes, block.start - 1)..block.start - 1;
            if previous.is_empty() || count(previous.clone()).is_none() {
                break;
            }
            block.start = previous.start;
        }
        let heading = block
            .start
            .checked_sub(1)
            .map(|end| text.get(line_start(bytes, end)..end).unwrap_or_default());
        let headed = heading.is_some_and(names_hosts);
        (self.block, self.is_list) = (block, sure > unsure || headed);
    }
}

fn names_hosts(heading: &str) -> bool {
    let short = heading
        .get(..heading.len().min(80))
        .unwrap_or_default()
        .to_ascii_lowercase();
    (short.contains("domain") || short.contains("host")) && !short.contains("file")
}

/// How many tokens of the line are surely hosts and how many may be files; `None` when it holds anything else.
fn hosts_of(line: &str) -> Option<(usize, usize)> {
    if line.len() > 4096 {
        return None;
    }
    let (mut sure, mut unsure) = (0, 0);
    let tokens = line.split([' ', '\t', ',', ';', '|', '"', '\'', '\r', '>', '<']);
    for token in tokens.filter(|token| !token.is_empty() && !matches!(*token, "-" | "*" | "•" | "·" | "–" | "+")) {
        if bare::in_list(token)? { sure += 1 } else { unsure += 1 }
    }
    (sure + unsure > 0).then_some((sure, unsure))
}
