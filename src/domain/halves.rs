//! Work with two threads.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What two pieces of work give, done at the same time; one after the other where the system has no thread left.
pub fn both<A, B: Send>(first: impl FnOnce() -> A, second: impl FnMut() -> B + Send) -> (A, B) {
    // A thread that does not start would take the work away with it.
    let second = Mutex::new(second);
    let second = || second.lock().unwrap_or_else(PoisonError::into_inner)();
    thread::scope(|threads| {
        let other = thread::Builder::new().spawn_scoped(threads, second);
        let made = first();
        match other.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(others)) => (made, others),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => (made, second()),
        }
    })
}

/// For fewer items a thread takes longer than it saves.
const LONG: usize = 5_000;

/// How many items a thread takes at once.
const PIECE: usize = 500;

/// What `each` makes of the items, in their order.
pub fn map<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() < LONG {
        return items.iter().map(each).collect();
    }
    let mut made: Vec<Option<R>> = Vec::new();
    made.resize_with(items.len(), || None);
    let pieces = Mutex::new(items.chunks(PIECE).zip(made.chunks_mut(PIECE)));
    let next = || pieces.lock().ok()?.next();
    let work = || {
        while let Some((items, places)) = next() {
            for (item, place) in items.iter().zip(places) {
                *place = Some(each(item));
            }
        }
    };
    both(work, work);
    // In the same memory, which `flatten` would not do.
    made.into_iter().map_while(|made| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_come_in_the_order_of_the_items() {
        for length in [0, 1, LONG - 1, LONG, LONG + 1, LONG + PIECE + 7] {
            let items: Vec<usize> = (0..length).collect();
            let made = map(&items, |item| item * 2);
            assert!(made.iter().copied().eq((0..length).map(|item| item * 2)), "{length}");
        }
    }
}
