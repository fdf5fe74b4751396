//! The event's report, which names attributes: none that MISP has dropped.

use std::borrow::Cow;

use uuid::Uuid;

use super::Result;
use super::completion::Completion;
use super::portion::Portion;
use crate::misp::event::EventReport;

impl<'a> Completion<'a> {
    /// The report without the lines that name what is not stored: MISP shows them as invalid.
    pub(super) fn readable(&self, report: &'a EventReport) -> Cow<'a, EventReport> {
        let refused = |line: &str| {
            let uuid = line
                .strip_prefix("- @[attribute](")
                .and_then(|rest| rest.strip_suffix(')'));
            uuid.and_then(|uuid| Uuid::parse_str(uuid).ok())
                .is_some_and(|uuid| self.refusals.has(uuid))
        };
        if !report.content.lines().any(refused) {
            return Cow::Borrowed(report);
        }
        let kept: Vec<&str> = report.content.split('\n').filter(|line| !refused(line)).collect();
        Cow::Owned(EventReport {
            content: kept.join("\n"),
            ..report.clone()
        })
    }

    /// Sends the report of a new event again if it names what MISP dropped.
    pub(super) fn mend_report(&mut self) -> Result<()> {
        let missing = self.missing();
        self.refusals
            .find_listed(self.client, missing.attributes.iter().copied())?;
        for attribute in &missing.attributes {
            self.refusals.refuse(attribute);
        }
        let reports = self.event.reports.iter().map(|report| self.readable(report));
        let reports: Vec<_> = reports.filter(|report| matches!(report, Cow::Owned(_))).collect();
        if reports.is_empty() {
            return Ok(());
        }
        self.send(&[Portion {
            reports,
            ..Portion::default()
        }])
    }
}
