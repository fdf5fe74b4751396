//! What the fuzz targets do with random bytes. A target fails when the program panics, hangs, or takes more memory than it is allowed.
//!
//! All targets are in one program, which is built and linked once; `fuzz/run` tells it by `MISPIGEON_FUZZ` which one to run.

mod attached;

use attached::attached;
use mispigeon::config::import::import;
use mispigeon::config::{Settings, TextSettings};
use mispigeon::domain::Mode;
use mispigeon::pipeline::{self, Request};
use mispigeon::{file, indicator};

/// Runs the target of this name.
///
/// # Panics
/// When there is no such target, or when it finds something.
pub fn target(name: &str, bytes: &[u8]) {
    match name {
        "attached_text" => attached("a.txt", bytes),
        "cab" => attached("a.cab", bytes),
        "calendar" => attached("a.ics", bytes),
        "card" => attached("a.vcf", bytes),
        "codes" => codes(bytes),
        "disk" => attached("a.iso", bytes),
        "drawing" => attached("a.svg", bytes),
        "executable" => executable(bytes),
        "html" => html(bytes),
        "mail" => mail(bytes),
        "manifest" => manifest(bytes),
        "message" => attached("a.msg", bytes),
        "native_messaging" => native_messaging(bytes),
        "old_configuration" => old_configuration(bytes),
        "ole" => attached("a.doc", bytes),
        "onenote" => attached("a.one", bytes),
        "ooxml" => attached("a.docx", bytes),
        "page" => attached("a.html", bytes),
        "pdf" => attached("a.pdf", bytes),
        "picture" => attached("a.png", bytes),
        "rar" => attached("a.rar", bytes),
        "rtf" => attached("a.rtf", bytes),
        "script" => attached("a.js", bytes),
        "server_answer" => server_answer(bytes),
        "seven_zip" => attached("a.7z", bytes),
        "shortcut" => attached("a.lnk", bytes),
        "smtp" => smtp(bytes),
        "streams" => attached("a.gz", bytes),
        "structured" => attached("a.json", bytes),
        "tar" => attached("a.tar", bytes),
        "text" => text(bytes),
        "tnef" => attached("winmail.dat", bytes),
        "zip" => attached("a.zip", bytes),
        unknown => panic!("there is no target {unknown:?}: fuzz/run --help lists them"),
    }
}

/// The bytes as a message, in each mode, until its event. The same message makes the same event.
fn mail(bytes: &[u8]) {
    let settings = Settings::default();
    for mode in [Mode::Report, Mode::Sample, Mode::Carrier, Mode::Auto] {
        let events = || {
            let request = Request {
                mode,
                ..Request::default()
            };
            let prepared = pipeline::prepare(bytes.to_vec(), request, &settings).unwrap_or_default();
            let drafts = prepared
                .into_iter()
                .filter_map(|one| pipeline::draft(one, &settings, "2026-01-01", &mut pipeline::unasked).ok());
            drafts.map(|draft| draft.event).collect::<Vec<_>>()
        };
        assert!(
            serde_json::to_value(events()).ok() == serde_json::to_value(events()).ok(),
            "the same mail makes the same event"
        );
    }
}

/// The bytes as a plain text.
fn text(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        for find in indicator::in_text(text, "text", &TextSettings::default()) {
            assert!(!find.value.is_empty() && text.contains(find.written()) || find.written().len() > 300);
        }
    }
}

/// The bytes as a page.
fn html(bytes: &[u8]) {
    let page = String::from_utf8_lossy(bytes);
    mispigeon::mail::html::render(&page);
}

/// The bytes as a file whose hashes, type and structure are told.
fn executable(bytes: &[u8]) {
    file::facts(bytes, None);
}

/// The bytes as a picture of black and white points.
fn codes(bytes: &[u8]) {
    mispigeon::contents::fuzzed::picture(bytes);
}

/// The bytes as a configuration of `mail_to_misp`.
fn old_configuration(bytes: &[u8]) {
    if let Ok(source) = std::str::from_utf8(bytes) {
        import(source, None);
    }
}

/// The bytes as what an extension sends.
fn native_messaging(bytes: &[u8]) {
    mispigeon::native::fuzzed::session(bytes);
}

/// The bytes as what a peer sends by SMTP.
fn smtp(bytes: &[u8]) {
    mispigeon::listen::fuzzed::message(bytes);
}

/// The bytes as the manifest of a feed.
fn manifest(bytes: &[u8]) {
    mispigeon::destination::feed::fuzzed::manifest(bytes);
}

/// The bytes as the answer of a server.
fn server_answer(bytes: &[u8]) {
    mispigeon::misp::client::fuzzed::answer(bytes);
}
