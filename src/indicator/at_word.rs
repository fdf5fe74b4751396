//! What the scan does with words that say by their letters what they are: hashes, coins, CVE numbers, autonomous systems,
//! registry keys.

use super::bytes::{at, before, is_alnum, label_end};
use super::find::Find;
use super::scan::{NEAR, Scan};
use super::{Kind, bare, coin, hash, name, regkey};
use crate::domain::Remark;

impl Scan<'_> {
    /// Hashes and coins.
    pub(super) fn long_word(&mut self, start: usize, end: usize, hexadecimal: bool) -> Option<usize> {
        if hexadecimal && !self.is_host_label(end) {
            let above = self.split_above(start);
            if let Some(hash) = hash::read(self.text, start, end, above) {
                self.split = hash.split.map_or(self.split, |digits| (hash.end, digits));
                let end = hash.end;
                self.add(
                    start..end,
                    hash.kind,
                    hash.value,
                    Find {
                        doubt: hash.doubt,
                        ..Find::default()
                    },
                );
                return Some(end);
            }
        } else if !matches!(before(self.bytes, start), b'-' | b'_' | b'/' | b'.')
            && at(self.bytes, end) != b'@'
            && let Some(coin) = coin::read(self.text, start, end)
        {
            let remark = coin.name.map(|name| Remark::Verbatim { text: name.to_owned() });
            self.add(
                start..end,
                coin.kind,
                coin.value,
                Find {
                    remark,
                    ..Find::default()
                },
            );
            return Some(end);
        }
        None
    }

    /// The digits of the hash in pieces that stands directly before `start`.
    fn split_above(&self, start: usize) -> Option<usize> {
        let (end, digits) = self.split;
        let between = self
            .bytes
            .get(end..start)
            .filter(|between| end > 0 && between.len() < NEAR)?;
        let only_space = between
            .iter()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'|' | b'>' | b'-' | b'*'));
        only_space.then_some(digits)
    }

    /// Whether the word that ends at `end` is the first label of a longer name (which is no file of that hash).
    fn is_host_label(&self, end: usize) -> bool {
        let joined = at(self.bytes, end) == b'.' && is_alnum(self.bytes, end + 1);
        joined && {
            let next = label_end(self.text, end + 1);
            !bare::is_file_name(&format!("x.{}", self.text.get(end + 1..next).unwrap_or_default()))
        }
    }

    /// Words that begin something by their letters.
    pub(super) fn keyword(&mut self, start: usize, length: usize) -> Option<usize> {
        let bytes = self.bytes;
        let (first, second) = (at(bytes, start) | 0x20, at(bytes, start + 1) | 0x20);
        let (kind, value, end) = match (first, second) {
            (b'c', b'v') if length == 3 && at(bytes, start + 2) | 0x20 == b'e' => {
                return self.vulnerabilities(start);
            }
            (b'a', b's') => {
                let (value, end) = name::autonomous_system(bytes, start)?;
                (Kind::As, value, end)
            }
            (b'h', b'k') => {
                let (value, end) = regkey::read(self.text, start)?;
                (Kind::Regkey, value, end)
            }
            _ => return None,
        };
        self.add(start..end, kind, value, Find::default());
        self.floor = end;
        Some(end)
    }

    /// A CVE number, and those behind it that are shortened: `CVE-2025-31001/31002`.
    fn vulnerabilities(&mut self, start: usize) -> Option<usize> {
        let (value, mut end) = name::cve(self.bytes, start)?;
        let year = value.get(..9)?.to_owned();
        self.add(start..end, Kind::Vulnerability, value, Find::default());
        while let Some((number, past)) = name::next_number(self.bytes, end) {
            let value = format!("{year}{}", self.text.get(number..past)?);
            self.add(number..past, Kind::Vulnerability, value, Find::default());
            end = past;
        }
        self.floor = end;
        Some(end)
    }
}
