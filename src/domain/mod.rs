//! The types that every stage shares: what a mail is, where its event goes, what a person is told. Uses no other
//! module.

mod authentication;
mod causes;
pub mod coding;
pub mod contained;
mod digest;
mod edits;
mod ending;
pub mod forward_words;
mod found_as;
pub mod halves;
pub mod host;
mod host_list;
mod judgement;
mod kind;
mod look_alike;
mod pap;
mod receipt;
mod rewriter;
mod said;
mod seal;
mod secret;
mod sketch;
mod submission;
#[cfg(test)]
pub mod table;
mod tlp;
mod together;
mod word;

pub use authentication::{Authentication, Checked, Outcome};
pub use causes::{last_cause, with_causes};
pub use digest::Sha256;
pub use edits::{Edits, RowEdit};
pub use ending::{Ending, EndingUse};
pub use forward_words::ForwardWords;
pub use found_as::FoundAs;
pub use host_list::HostList;
pub use judgement::{By, Judgement};
pub use kind::Kind;
pub use look_alike::{WELL_KNOWN, looks_like};
pub use pap::PapLevel;
pub use receipt::{Added, Receipt, Skipped, Status};
pub use rewriter::{Coding, Place, Rewriter, RewriterRole};
pub use said::{Advice, Argument, Arguments, Defect, Fact, Note, Problem, Reason, Remark, Said};
pub use seal::{Seal, Sealed};
pub use secret::Secret;
pub use sketch::Sketch;
pub use submission::{Directive, Mode, Original, Overrides, Submission, Target};
pub use tlp::TlpLevel;
pub use together::{Member, most_common};
pub(crate) use word::words;
