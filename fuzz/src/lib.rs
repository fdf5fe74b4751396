//! What the fuzz targets do with random bytes. A target fails when the program panics, hangs, or takes more memory than it is allowed.

mod attached;

pub use attached::attached;

use mispigeon::config::import::import;
use mispigeon::config::{Settings, TextSettings};
use mispigeon::domain::Mode;
use mispigeon::pipeline::{self, Request};
use mispigeon::{file, indicator};

/// The bytes as a message, in each mode, until its event. The same message makes the same event.
pub fn mail(bytes: &[u8]) {
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
pub fn text(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        for find in indicator::in_text(text, "text", &TextSettings::default()) {
            assert!(!find.value.is_empty() && text.contains(find.written()) || find.written().len() > 300);
        }
    }
}

/// The bytes as a page.
pub fn html(bytes: &[u8]) {
    let page = String::from_utf8_lossy(bytes);
    mispigeon::mail::html::render(&page);
}

/// The bytes as a file whose hashes, type and structure are told.
pub fn executable(bytes: &[u8]) {
    file::facts(bytes, None);
}

/// The bytes as a configuration of `mail_to_misp`.
pub fn old_configuration(bytes: &[u8]) {
    if let Ok(source) = std::str::from_utf8(bytes) {
        import(source, None);
    }
}

/// The bytes as what an extension sends.
pub fn native_messaging(bytes: &[u8]) {
    mispigeon::native::fuzzed::session(bytes);
}

/// The bytes as what a peer sends by SMTP.
pub fn smtp(bytes: &[u8]) {
    mispigeon::listen::fuzzed::message(bytes);
}

/// The bytes as the manifest of a feed.
pub fn manifest(bytes: &[u8]) {
    mispigeon::destination::feed::fuzzed::manifest(bytes);
}

/// The bytes as the answer of a server.
pub fn server_answer(bytes: &[u8]) {
    mispigeon::misp::client::fuzzed::answer(bytes);
}
