//! Writes numbers for people.

/// A duration in its largest unit: `3 days`.
pub(super) fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (size, name) = units
        .into_iter()
        .find(|(size, _)| seconds >= *size)
        .unwrap_or((1, "second"));
    count((seconds / size).unsigned_abs(), name)
}

/// A number with its noun: `1 event`, `2 events`.
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// In MB or GB.
pub(super) fn bytes(bytes: u64) -> String {
    let megabytes = bytes >> 20;
    if megabytes < 10 << 10 {
        format!("{megabytes} MB")
    } else {
        format!("{} GB", megabytes >> 10)
    }
}

pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[cfg(test)]
mod tests {
    use super::{bytes, span};

    #[test]
    fn spans_and_sizes_are_told_in_the_unit_that_fits() {
        for (seconds, expected) in [
            (-5, "0 seconds"),
            (1, "1 second"),
            (119, "1 minute"),
            (7_200, "2 hours"),
            (200_000, "2 days"),
        ] {
            assert_eq!(span(seconds), expected);
        }
        assert_eq!(
            (bytes(300 << 20), bytes(20 << 30)),
            ("300 MB".to_owned(), "20 GB".to_owned())
        );
    }
}
