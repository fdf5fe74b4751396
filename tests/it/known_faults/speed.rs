//! Texts on which regular expressions went quadratic (10, 11).

use std::time::{Duration, Instant};

use mispigeon::config::Settings;
use mispigeon::domain::Mode;
use mispigeon::pipeline::{self, Request};

/// Hours for the old tool, well under a second here; generous, as tests run unoptimised and beside others.
const BOUND: Duration = Duration::from_secs(20);

#[test]
fn no_run_of_characters_takes_more_than_its_length() {
    for (number, unit) in [
        (10, "a.a."),
        (10, "1.1."),
        (10, "a-a-"),
        (11, "   "),
        (11, " \n"),
        (11, " h"),
        (11, "hxxp"),
    ] {
        let text = unit.repeat(200_000 / unit.len());
        for kind in ["plain", "html"] {
            let mail = format!("Subject: x\nContent-Type: text/{kind}\n\n{text}");
            let start = Instant::now();
            let request = Request {
                mode: Mode::Report,
                ..Request::default()
            };
            pipeline::extract(mail.into_bytes(), request, &Settings::default(), &mut |_| ()).expect("a mail");
            assert!(
                start.elapsed() < BOUND,
                "{number}: {unit:?} as {kind} took {:?}",
                start.elapsed()
            );
        }
    }
}
