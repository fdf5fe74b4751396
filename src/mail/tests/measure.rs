//! Time and memory of one mail of 10 MB, by hand: `KIND=text cargo test measure -- --ignored --nocapture`.

use crate::config::MailSettings;
use crate::mail::parse;

fn peak_mb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok())
        .unwrap_or(0)
        / 1024
}

#[test]
#[ignore = "a measurement"]
fn measure() {
    let size = 10 << 20;
    let (head, unit) = match std::env::var("KIND").as_deref() {
        Ok("html") => (
            "Content-Type: text/html\n\n",
            "<p>see <a href=\"http://evil.example/x\">this</a> now</p>\n",
        ),
        Ok("tags") => ("Content-Type: text/html\n\n", "<p>a</p>"),
        Ok("base64") => (
            "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n",
            "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n",
        ),
        _ => (
            "Content-Type: text/plain\n\n",
            "see http://evil.example/x and more words of text here\n",
        ),
    };
    let raw = format!("From: a@b\nSubject: x\n{head}{}", unit.repeat(size / unit.len()));
    let before = peak_mb();
    let begun = std::time::Instant::now();
    let mail = parse(raw.as_bytes(), &MailSettings::default()).unwrap();
    println!(
        "{:?}, peak {before} MB -> {} MB, {} bodies",
        begun.elapsed(),
        peak_mb(),
        mail.bodies.len()
    );
}
