//! Writes an error together with its causes, or the last of them, for people. No other code walks the chain of sources.

use std::error::Error;

/// The texts of `error` and its causes, with colons between. Leaves out a cause that a text before contains already.
pub fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !words.contains(&more) {
            words.push_str(": ");
            words.push_str(&more);
        }
        next = cause.source();
    }
    words
}

/// The text of the cause beneath all others.
pub fn last_cause(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Fault {
        #[error("the outer fault")]
        Plain(#[source] Box<Fault>),
        #[error("the outer fault ({0})")]
        Repeating(#[source] Box<Fault>),
        #[error("the inner fault")]
        Inner,
    }

    #[test]
    fn each_cause_is_said_once() {
        let inner = || Box::new(Fault::Inner);
        assert_eq!(with_causes(&Fault::Inner), "the inner fault");
        assert_eq!(last_cause(&Fault::Plain(inner())), "the inner fault");
        assert_eq!(with_causes(&Fault::Plain(inner())), "the outer fault: the inner fault");
        assert_eq!(
            with_causes(&Fault::Plain(Box::new(Fault::Repeating(inner())))),
            "the outer fault: the outer fault (the inner fault)"
        );
    }
}
