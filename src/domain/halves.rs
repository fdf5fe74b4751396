//! Work on both halves of a long list at the same time.

use std::panic::resume_unwind;
use std::thread;

/// For fewer items a thread takes longer than it saves.
const LONG: usize = 10_000;

/// What `each` makes of the items, in their order.
pub fn map<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() < LONG {
        return items.iter().map(each).collect();
    }
    let (first, second) = items.split_at(items.len() / 2);
    thread::scope(|threads| {
        let other = threads.spawn(|| second.iter().map(&each).collect::<Vec<R>>());
        let mut made = Vec::with_capacity(items.len());
        made.extend(first.iter().map(&each));
        match other.join() {
            Ok(rest) => made.extend(rest),
            Err(panic) => resume_unwind(panic),
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_come_in_the_order_of_the_items() {
        for length in [0, 1, LONG - 1, LONG, LONG + 1] {
            let items: Vec<usize> = (0..length).collect();
            let made = map(&items, |item| item * 2);
            assert!(made.iter().copied().eq((0..length).map(|item| item * 2)), "{length}");
        }
    }
}
