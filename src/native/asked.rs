//! Answers of a server that the session keeps for a moment, while a person types.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::lock;

/// How long an answer counts.
const FRESH: Duration = Duration::from_mins(1);

/// Most answers at a time.
const MOST: usize = 32;

/// Answers by question.
pub struct Asked<Q, A> {
    answers: Mutex<HashMap<Q, (Instant, Arc<A>)>>,
}

impl<Q, A> Default for Asked<Q, A> {
    fn default() -> Self {
        Self {
            answers: Mutex::default(),
        }
    }
}

impl<Q: Eq + Hash, A> Asked<Q, A> {
    /// The answer, unless it is too old.
    pub fn get(&self, question: &Q) -> Option<Arc<A>> {
        self.at(question, Instant::now())
    }

    fn at(&self, question: &Q, now: Instant) -> Option<Arc<A>> {
        let mut answers = lock(&self.answers);
        answers.retain(|_, (at, _)| now.saturating_duration_since(*at) < FRESH);
        answers.get(question).map(|(_, answer)| Arc::clone(answer))
    }

    pub fn keep(&self, question: Q, answer: Arc<A>) {
        let mut answers = lock(&self.answers);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(question, (Instant::now(), answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_a_minute_and_there_are_never_many() {
        let asked: Asked<usize, usize> = Asked::default();
        for question in 0..=MOST {
            asked.keep(question, Arc::new(question));
        }
        assert!(lock(&asked.answers).len() <= MOST);
        let now = Instant::now();
        assert_eq!(asked.at(&MOST, now).as_deref(), Some(&MOST));
        assert_eq!(asked.at(&0, now), None);
        assert_eq!(asked.at(&MOST, now + FRESH), None);
        assert_eq!(asked.get(&MOST), None);
    }
}
