//! Work on a long list with two threads.

use std::panic::resume_unwind;
use std::thread;

/// For fewer items a thread takes longer than it saves; of more, what a thread makes waits to be put behind the rest.
const LONG: usize = 10_000;

/// What `each` makes of the items, in their order.
pub fn map<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut made = Vec::with_capacity(items.len());
    let (pieces, rest) = items.as_chunks::<LONG>();
    for piece in pieces {
        let (first, second) = piece.split_at(LONG / 2);
        thread::scope(|threads| {
            let other = threads.spawn(|| second.iter().map(&each).collect::<Vec<R>>());
            made.extend(first.iter().map(&each));
            match other.join() {
                Ok(rest) => made.extend(rest),
                Err(panic) => resume_unwind(panic),
            }
        });
    }
    made.extend(rest.iter().map(&each));
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_come_in_the_order_of_the_items() {
        for length in [0, 1, LONG - 1, LONG, LONG + 1, 2 * LONG, 2 * LONG + 7] {
            let items: Vec<usize> = (0..length).collect();
            let made = map(&items, |item| item * 2);
            assert!(made.iter().copied().eq((0..length).map(|item| item * 2)), "{length}");
        }
    }
}
