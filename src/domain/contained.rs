//! Work of code that may panic on hostile bytes.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// What the work gives; `None` if it panics, of which nothing is printed. What it changes must not be used after a panic.
pub fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    QUIET.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_CONTAINED.get() {
                tell(panic);
            }
        }));
    });
    let before = IS_CONTAINED.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    IS_CONTAINED.set(before);
    outcome.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_costs_only_what_the_work_would_have_given() {
        assert_eq!(contained(|| 1), Some(1));
        assert_eq!(contained(|| contained(|| panic!("inner"))), Some(None::<()>));
        assert_eq!(contained(|| -> u8 { panic!("outer") }), None);
    }
}
