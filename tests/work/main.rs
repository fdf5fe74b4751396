//! The work for a hostile mail grows with its size and no faster, at every entrance. Work is what is allocated, not time: the numbers
//! are the same on every machine. The mails are made by `tests/hostile/make.py`. A search that allocates nothing is seen by `steps.py`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::similar_names,
    missing_docs
)]

use std::alloc::System;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock};

use mispigeon::config::Settings;
use mispigeon::domain::{Mode, Overrides};
use mispigeon::enrich::Knowledge;
use mispigeon::mail;
use mispigeon::pipeline::preview::{self, What};
use mispigeon::pipeline::{self, Request};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many things the smallest mail of a family has. The others have twice and four times as many.
const FEW: usize = 150;

/// How much faster than the mail the work may grow: 1 where it is linear, 2 where it is quadratic.
const MOST_GROWTH: f64 = 1.35;

/// Allocations of all threads are counted together, so one test runs at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A family of mails in three sizes.
type Mails = (String, [Vec<u8>; 3]);

/// All families, made once.
fn families() -> &'static [Mails] {
    static MADE: OnceLock<Vec<Mails>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/make.py");
        let sizes = [1, 2, 4].map(|times| (times * FEW).to_string());
        let mut command = Command::new("python3");
        command.arg(program).arg("--into").arg(folder.path()).args(&sizes);
        let made = command.output().expect("python3 makes the mails");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let names = fs::read_dir(folder.path()).unwrap().filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            Some(name.strip_suffix(&format!("-{FEW}.eml"))?.to_owned())
        });
        let read = |name: &str, size: &str| fs::read(folder.path().join(format!("{name}-{size}.eml"))).unwrap();
        let mut families: Vec<Mails> = names
            .map(|name| {
                let mails = sizes.each_ref().map(|size| read(&name, size));
                (name, mails)
            })
            .collect();
        families.sort();
        families
    })
}

/// Without limits, which would hide how the work grows.
fn settings() -> Settings {
    let mut settings = Settings::default();
    let mail = &mut settings.mail;
    (mail.mails, mail.files, mail.parts) = (usize::MAX, usize::MAX, usize::MAX);
    (mail.header_fields, mail.header_size) = (usize::MAX, usize::MAX);
    settings.text.max_indicators = usize::MAX;
    settings.event.max_size = usize::MAX;
    settings.contents.files = usize::MAX;
    settings
}

fn request(overrides: Overrides) -> Request {
    Request {
        mode: Mode::Report,
        overrides,
        ..Request::default()
    }
}

/// How many bytes and how many blocks are allocated.
fn work(run: impl FnOnce()) -> [usize; 2] {
    let region = Region::new(ALLOCATOR);
    run();
    let done = region.change();
    [done.bytes_allocated, done.allocations + done.reallocations]
}

/// How many times larger the second step is than the first, but for what long mails need once, such as threads.
fn steps([one, two, four]: [usize; 3], once: usize) -> f64 {
    let second = four.saturating_sub(two).saturating_sub(once);
    second as f64 / two.saturating_sub(one).max(1) as f64
}

/// Runs an entrance on all families in three sizes each.
fn grows_with_the_mail(entrance: &str, run: impl Fn(Vec<u8>, &Settings)) {
    let _alone = alone();
    let settings = settings();
    let mut broken = Vec::new();
    for (family, mails) in families() {
        // Tables are made once.
        run(mails[0].clone(), &settings);
        let sizes = mails.each_ref().map(Vec::len);
        let works = mails.clone().map(|raw| work(|| run(raw, &settings)));
        for (what, of, once) in [("bytes", 0, 1 << 20), ("blocks", 1, 10_000)] {
            let works = works.map(|work| work[of]);
            let growth = steps(works, once) / steps(sizes, 0);
            if growth > MOST_GROWTH {
                broken.push(format!(
                    "{entrance}: {family}: {what} {works:?} of {sizes:?}: {growth:.2}"
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn send(raw: Vec<u8>, request: Request, settings: &Settings) {
    for prepared in pipeline::prepare(raw, request, settings).unwrap() {
        pipeline::draft(prepared, settings, "2026-06-01", &mut |_| Knowledge::default()).unwrap();
    }
}

fn sending_is_linear_as(mode: Mode) {
    grows_with_the_mail(mode.name(), |raw, settings| {
        let request = Request {
            mode,
            ..Request::default()
        };
        send(raw, request, settings);
    });
}

#[test]
fn sending_is_linear() {
    sending_is_linear_as(Mode::Report);
}

#[test]
fn sending_a_sample_is_linear() {
    sending_is_linear_as(Mode::Sample);
}

#[test]
fn sending_a_carrier_is_linear() {
    sending_is_linear_as(Mode::Carrier);
}

#[test]
fn extracting_is_linear() {
    grows_with_the_mail("extract", |raw, settings| {
        pipeline::extract(raw, request(Overrides::default()), settings, &mut |_| ()).unwrap();
    });
}

#[test]
fn previewing_is_linear() {
    grows_with_the_mail("preview", |raw, settings| {
        preview::preview(raw, request(Overrides::default()), settings, ("2026-06-01", &|| false)).unwrap();
    });
}

#[test]
fn unticking_everything_is_linear() {
    grows_with_the_mail("untick", |raw, settings| {
        let seen = preview::preview(
            raw.clone(),
            request(Overrides::default()),
            settings,
            ("2026-06-01", &|| false),
        )
        .unwrap();
        let named = seen.items.iter().filter_map(|item| match &item.what {
            What::Indicator { found, .. } => Some((found.kind.misp_type().to_owned(), found.value.clone())),
            What::File { name, .. } => Some(("attachment".to_owned(), name.clone()?)),
        });
        let overrides = Overrides {
            deselected: named.collect(),
            ..Overrides::default()
        };
        send(raw, request(overrides), settings);
    });
}

#[test]
fn taking_directives_is_linear() {
    grows_with_the_mail("directives", |raw, settings| {
        mail::take_directives(&raw, &settings.directives, &settings.mail);
    });
}
