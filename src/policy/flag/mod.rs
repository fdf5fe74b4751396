//! Whether something is for detection, and why. A flag is a promise that blocking this hurts nobody else, so in a sample it
//! needs a reason. Everything is judged by tables of rules; the first rule that fits decides, and its remark says why.

mod brand;
mod facts;
mod find;
mod known;
mod named;
mod proof;
mod sender;

pub(super) use brand::brand_in_name;
pub(super) use facts::Facts;
pub(super) use find::{Find, of_find};
pub(super) use known::{is_brand, is_mail_provider, is_same_brand, is_sending_provider, names_brand};
pub(super) use named::names as names_mailbox;
pub(super) use proof::Proof;
pub(super) use sender::{Side, recipient};

use crate::domain::Remark;

/// The decision about one flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub to_ids: bool,
    /// The reason, also of a flag that is set.
    pub why: &'static Remark,
    /// Whether the comment tells it.
    pub is_told: bool,
}

/// A row of a table: when `fits`, the flag is as `to_ids` says.
struct Rule<T> {
    to_ids: bool,
    why: &'static Remark,
    fits: fn(&T) -> bool,
}

impl<T> Rule<T> {
    const fn flags(why: &'static Remark, fits: fn(&T) -> bool) -> Self {
        Self {
            to_ids: true,
            why,
            fits,
        }
    }

    const fn spares(why: &'static Remark, fits: fn(&T) -> bool) -> Self {
        Self {
            to_ids: false,
            why,
            fits,
        }
    }

    fn verdict(&self) -> Verdict {
        Verdict {
            to_ids: self.to_ids,
            why: self.why,
            is_told: !self.to_ids,
        }
    }
}

/// An attached file, or a part of it, that is sent as a sample or is harmless.
pub(super) fn of_file(is_sample: bool) -> Verdict {
    Verdict {
        to_ids: is_sample,
        why: if is_sample {
            &Remark::AttachedSample
        } else {
            &Remark::HarmlessFile
        },
        is_told: false,
    }
}

/// What the first rule that fits says; without one it is flagged, because of `otherwise`.
fn first<T>(rules: &[Rule<T>], given: &T, otherwise: &'static Remark) -> Verdict {
    let rule = rules.iter().find(|rule| (rule.fits)(given));
    let flagged = || Rule::<T>::flags(otherwise, |_| true).verdict();
    rule.map_or_else(flagged, Rule::verdict)
}
