//! What the caller of a scan knows of the text, and of everything that will be found in it.

use super::Scan;
use crate::domain::FoundAs;
use crate::indicator::Doubt;

impl Scan<'_> {
    /// All finds are on this line.
    pub fn on_line(mut self, line: u32) -> Self {
        self.fixed_line = Some(line);
        self
    }

    /// The text is one of the mail's, and begins there among them.
    pub fn begins_at(mut self, start: usize) -> Self {
        self.begins_at = Some(start);
        self
    }

    /// The text is no prose.
    pub fn found_as(mut self, found_as: FoundAs) -> Self {
        self.found_as = found_as;
        self
    }

    /// The text is the target of a link.
    pub fn of_link(mut self) -> Self {
        self.linking = true;
        self
    }

    /// All finds have this doubt, if they have none of their own.
    pub fn in_doubt(mut self, doubt: Option<Doubt>) -> Self {
        self.doubt = doubt;
        self
    }

    /// Fields are separated by commas.
    pub fn with_fields(mut self, fields: bool) -> Self {
        self.fields = fields;
        self
    }
}
