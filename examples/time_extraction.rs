//! Times the search for the indicators of a text, and nothing else: prints the median of some runs as JSON.
//!
//! `tests/bench` runs it beside a peer that is timed in the same way, without start-up and output.

use std::time::Instant;

const RUNS: u32 = 15;

#[allow(clippy::expect_used, clippy::indexing_slicing)] // a measurement, run by hand
fn main() {
    let path = std::env::args().nth(1).expect("the file with the text");
    let text = std::fs::read_to_string(path).expect("a readable text");
    let options = mispigeon::config::TextSettings::default();
    let mut runs: Vec<(f64, usize)> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            let count = mispigeon::indicator::in_text(&text, "text", &options).len();
            (begun.elapsed().as_secs_f64(), count)
        })
        .collect();
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (seconds, count) = runs[runs.len() / 2];
    println!("{{\"seconds\":{seconds},\"indicators\":{count}}}");
}
