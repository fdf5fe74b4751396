//! What each stage costs, alone: `cargo bench`. Throughput is in bytes of input.
//!
//! `tests/bench` measures the whole program against its peers.

use mispigeon::config::MailSettings;
use std::fmt::Write;

use divan::Bencher;
use divan::counter::BytesCount;
use mispigeon::config::Settings;
use mispigeon::enrich::Knowledge;
use mispigeon::indicator;
use mispigeon::mail;
use mispigeon::pipeline::{self, Request};
use mispigeon::{event, file};

fn main() {
    divan::main();
}

const SIZE: usize = 1 << 20;

/// Prose with an indicator in every tenth line.
fn text(size: usize) -> String {
    let mut text = String::with_capacity(size + 200);
    let mut number = 0_u32;
    while text.len() < size {
        let _ = if number.is_multiple_of(10) {
            writeln!(
                text,
                "The loader calls hxxps://cdn{number}[.]evil-host[.]com/a/{number}.php at {}.",
                ip(number)
            )
        } else {
            writeln!(
                text,
                "Line {number} of a report, version 1.2.{number}, says that nothing is certain yet (see file.py)."
            )
        };
        number += 1;
    }
    text
}

fn ip(number: u32) -> String {
    format!("11.{}.{}.9", number / 250 % 250, number % 250)
}

fn mail_of(body: &str) -> Vec<u8> {
    format!("From: a@cert.example\r\nSubject: Report\r\nMessage-ID: <bench@cert.example>\r\n\r\n{body}").into_bytes()
}

#[divan::bench]
fn parse_a_plain_mail(bencher: Bencher<'_, '_>) {
    let raw = mail_of(&text(SIZE));
    let settings = MailSettings::default();
    bencher
        .counter(BytesCount::new(raw.len()))
        .bench(|| mail::parse(&raw, &settings));
}

#[divan::bench]
fn parse_an_html_mail(bencher: Bencher<'_, '_>) {
    let rows: String = text(SIZE)
        .lines()
        .fold(String::new(), |rows, line| rows + "<tr><td>" + line + "</td></tr>\n");
    let raw = format!("Subject: x\r\nContent-Type: text/html\r\n\r\n<table>{rows}</table>").into_bytes();
    let settings = MailSettings::default();
    bencher
        .counter(BytesCount::new(raw.len()))
        .bench(|| mail::parse(&raw, &settings));
}

#[divan::bench]
fn hash_the_canonical_mail(bencher: Bencher<'_, '_>) {
    let raw = mail_of(&text(SIZE));
    bencher
        .counter(BytesCount::new(raw.len()))
        .bench(|| mail::canonical_sha256(&raw));
}

#[divan::bench]
fn find_indicators(bencher: Bencher<'_, '_>) {
    let text = text(SIZE);
    let options = mispigeon::config::TextSettings::default();
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| indicator::in_text(&text, "text", &options));
}

#[divan::bench]
fn find_nothing_in_prose(bencher: Bencher<'_, '_>) {
    let text = "Nothing is certain yet, says the report, and goes on to say so at length.\n".repeat(SIZE / 74);
    let options = mispigeon::config::TextSettings::default();
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| indicator::in_text(&text, "text", &options));
}

#[divan::bench]
fn facts_about_a_file(bencher: Bencher<'_, '_>) {
    let bytes: Vec<u8> = (0..=250_u8).cycle().take(SIZE).collect();
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| file::facts(&bytes, Some("sample.bin")));
}

#[divan::bench]
fn defang_a_text(bencher: Bencher<'_, '_>) {
    let text = text(SIZE);
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| event::report::defang(&text));
}

#[divan::bench]
fn a_small_mail_from_bytes_to_event(bencher: Bencher<'_, '_>) {
    let raw = mail_of(&text(2000));
    let settings = Settings::default();
    bencher.bench(|| {
        let submissions = pipeline::prepare(raw.clone(), Request::default(), &settings);
        submissions.map(|submissions| {
            let draft =
                |submission| pipeline::draft(submission, &settings, "2026-03-02", &mut |_| Knowledge::default());
            submissions.into_iter().map(draft).collect::<Vec<_>>()
        })
    });
}
