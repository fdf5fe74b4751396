//! One parameter line: what it asks for, and whether it may.

use subtle::ConstantTimeEq;

use crate::config::DirectiveSettings;

use crate::domain::{Directive, Note};

/// Collects what the lines ask for until it is known whether one of them held the key.
pub(super) struct Judge<'s> {
    settings: &'s DirectiveSettings,
    asked: Vec<(Directive, bool)>,
    key_seen: bool,
    notes: Vec<Note>,
}

impl<'s> Judge<'s> {
    pub fn new(settings: &'s DirectiveSettings) -> Self {
        Self {
            settings,
            asked: Vec::new(),
            key_seen: false,
            notes: Vec::new(),
        }
    }

    /// What follows the prefix and its colon, when the line is one.
    pub fn after_prefix<'l>(&self, line: &'l str) -> Option<&'l str> {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
        let head = line.get(..self.settings.prefix.len())?;
        if !head.eq_ignore_ascii_case(&self.settings.prefix) {
            return None;
        }
        let rest = line.get(self.settings.prefix.len()..)?.trim_start();
        rest.strip_prefix(':').map(str::trim)
    }

    pub fn holds_key(&self, line: &str) -> bool {
        let key = self.settings.key.as_ref();
        key.is_some_and(|key| !key.expose().is_empty() && line.contains(key.expose()))
    }

    /// Takes a line of the mail's own text into account.
    pub fn hear(&mut self, rest: &str) {
        let (rest, authorised) = match self.without_key(rest) {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let Some((name, value)) = rest.split_once(':') else {
            return self.note(Note::ParameterWithoutValue);
        };
        let value = value.trim();
        match plain(name).as_str() {
            "m2mkey" | "key" => {
                if self.is_key(value) {
                    self.key_seen = true;
                } else {
                    self.note(Note::ParameterWrongKey);
                }
            }
            "attachment" | "attachments" => {
                if value.eq_ignore_ascii_case(&self.settings.benign_keyword) {
                    self.ask(Directive::BenignAttachments, authorised);
                } else {
                    self.note(Note::ParameterAttachments);
                }
            }
            "publish" => match value.to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" => self.ask(Directive::Publish(true), authorised),
                "0" | "false" | "no" | "off" => self.ask(Directive::Publish(false), authorised),
                _ => self.note(Note::ParameterPublish),
            },
            "distribution" => match value.parse::<u8>() {
                Ok(value @ 0..=4) => self.ask(Directive::Distribution(value), authorised),
                _ => self.note(Note::ParameterDistribution),
            },
            "threatlevel" | "threatlevelid" => match value.parse::<u8>() {
                Ok(value @ 1..=4) => self.ask(Directive::ThreatLevel(value), authorised),
                _ => self.note(Note::ParameterThreatLevel),
            },
            "analysis" => match value.parse::<u8>() {
                Ok(value @ 0..=2) => self.ask(Directive::Analysis(value), authorised),
                _ => self.note(Note::ParameterAnalysis),
            },
            // The name is not shown: it may be a key, even the right one with a typing error.
            _ => self.note(Note::ParameterNotUnderstood),
        }
    }

    /// A line that is removed without being honoured.
    pub fn ignore(&mut self) {
        self.note(Note::ParameterNotHonoured);
    }

    /// What is accepted, and the notes.
    pub fn verdict(mut self) -> (Vec<Directive>, Vec<Note>) {
        let mut accepted = Vec::new();
        for (directive, authorised) in std::mem::take(&mut self.asked) {
            let free = directive == Directive::BenignAttachments;
            if free || authorised || self.key_seen {
                if !accepted.contains(&directive) {
                    accepted.push(directive);
                }
            } else if self.settings.key.is_none() {
                self.note(Note::ParameterNoKey);
            } else {
                self.note(Note::ParameterKeyMissing);
            }
        }
        (accepted, self.notes)
    }

    fn ask(&mut self, directive: Directive, authorised: bool) {
        if !self.asked.contains(&(directive.clone(), authorised)) {
            self.asked.push((directive, authorised));
        }
    }

    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// What follows `KEY:`.
    fn without_key<'l>(&self, rest: &'l str) -> Option<&'l str> {
        let key = self.settings.key.as_ref()?.expose();
        let (head, tail) = rest.split_at_checked(key.len())?;
        let tail = tail.trim_start().strip_prefix(':')?;
        self.is_key(head).then(|| tail.trim_start())
    }

    fn is_key(&self, value: &str) -> bool {
        let Some(key) = self.settings.key.as_ref().map(crate::domain::Secret::expose) else {
            return false;
        };
        !key.is_empty() && bool::from(key.as_bytes().ct_eq(value.as_bytes()))
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_lowercase()
}
