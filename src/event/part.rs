//! What one mail brings to an event: all of it, or a part.

use super::report;
use crate::domain::{Authentication, Judgement};
use crate::misp::event::Draft;

/// What was built of one mail: its event, and the text of the report without the list of attributes.
pub struct Part {
    pub(super) draft: Draft,
    pub(super) report: String,
    pub(super) report_name: String,
}

impl Part {
    /// The event of this mail alone.
    pub fn whole(self) -> Draft {
        let mut draft = self.draft;
        let event = &mut draft.event;
        let report = report::finish(self.report, self.report_name, &event.attributes, event.uuid);
        event.reports.extend(report);
        draft
    }

    /// For the receipt.
    #[must_use]
    pub fn saying(mut self, mode: Option<Judgement>, authentication: Option<Authentication>) -> Self {
        self.draft.mode = mode;
        self.draft.authentication = authentication;
        self
    }
}
