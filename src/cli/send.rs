//! `mispigeon send`: makes or extends an event of each mail, and prints a receipt for each.

use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Global, ReceiptFormat, Send};
use super::failure::{Exit, Failure};
use super::output::Out;
use super::receipt;
use super::source::{self, Source};
use crate::config::{Config, Settings};
use crate::domain::Overrides;
use crate::enrich;
use crate::faults;
use crate::pipeline::{self, Prepared, Request, delivery::Courier};

/// After this time, a person sees the progress.
const PATIENCE: Duration = Duration::from_secs(1);

pub fn run(global: &Global, arguments: &Send) -> Result<(), Failure> {
    if !arguments.mta {
        return send_all(global, arguments);
    }
    // A mail server would take the exit code of a panic for a permanent failure and return the mail to its sender.
    panic::catch_unwind(AssertUnwindSafe(|| send_all(global, arguments)))
        .unwrap_or_else(|_| Err(Failure::new(Exit::Software, "a fault in mispigeon; please report it")))
        .map_err(Failure::deferred)
}

fn send_all(global: &Global, arguments: &Send) -> Result<(), Failure> {
    let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
    let settings = config
        .profile(arguments.treatment.profile.as_deref())
        .map_err(Failure::config)?;
    let sources = source::list(&arguments.files)?;
    let mut run = Run {
        arguments,
        settings: &settings,
        courier: if arguments.dry_run {
            None
        } else {
            Some(Courier::open(&config, &settings)?.with_program())
        },
        out: Out::new(),
        failures: Vec::new(),
    };
    let progress = Progress::new(&sources, global.quiet);
    for source in &sources {
        match source.read(settings.mail.max_size) {
            Ok(bytes) => source::for_each_mail(&source.name(), bytes, |name, raw| run.one(name, raw)),
            Err(failure) => run.failures.push(failure),
        }
        progress.step();
    }
    progress.end();
    run.finish()
}

struct Run<'a> {
    arguments: &'a Send,
    settings: &'a Settings,
    courier: Option<Courier<'a>>,
    out: Out,
    failures: Vec<Failure>,
}

impl Run<'_> {
    fn one(&mut self, name: &str, raw: Vec<u8>) {
        // The reader of the output has gone.
        if self.failures.last().is_some_and(Failure::is_told) {
            return;
        }
        if let Err(failure) = self.send(name, raw) {
            self.failures.push(failure.of_mail(name));
        }
    }

    fn send(&mut self, name: &str, raw: Vec<u8>) -> Result<(), Failure> {
        let request = Request {
            origin: name.to_owned(),
            mode: self.arguments.treatment.mode,
            profile: self.arguments.treatment.profile.clone(),
            overrides: overrides(self.arguments),
            original: None,
            left_out: Vec::new(),
        };
        let prepared =
            pipeline::prepare(raw, request, self.settings).map_err(|error| Failure::new(Exit::Data, error))?;
        for prepared in prepared {
            match &self.courier {
                None => print_dry(&mut self.out, prepared, self.settings)?,
                Some(courier) => {
                    let origin = prepared.submission.origin.clone();
                    let delivery = courier.send(prepared)?;
                    faults::passed("send.delivered");
                    match self.arguments.format {
                        ReceiptFormat::Json => self.out.json(&delivery.receipt)?,
                        // A mail server may take any output of a pipe for an error.
                        ReceiptFormat::Text if self.arguments.mta => {}
                        ReceiptFormat::Text => receipt::print(&mut self.out, &origin, &delivery)?,
                    }
                    match receipt::failure(&origin, &delivery) {
                        // The mail is in the outbox, whatever hinders its event: the mail server can do nothing.
                        Some(failure) if self.arguments.mta => {
                            tracing::warn!("{failure}");
                        }
                        failure => self.failures.extend(failure),
                    }
                    faults::passed("send.printed");
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.out.flush()?;
        Failure::of_many(self.failures)
    }
}

fn overrides(arguments: &Send) -> Overrides {
    Overrides {
        comment: arguments.comment.clone(),
        event: arguments.event.clone(),
        urls_only: arguments.treatment.urls_only,
        destination: arguments.to,
        ..Overrides::default()
    }
}

/// Prints the event exactly as it would be sent. Does no enrichment, because that asks others.
fn print_dry(out: &mut Out, prepared: Prepared, settings: &Settings) -> Result<(), Failure> {
    let mut nothing = |_: &[crate::policy::Node<'_>]| enrich::Knowledge::default();
    let draft = pipeline::draft(prepared, settings, &pipeline::delivery::today(), &mut nothing)
        .map_err(|error| Failure::new(Exit::Data, error))?;
    out.event(draft.event)
}

/// A bar on standard error, if there are many mails and a person waits.
struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    fn new(sources: &[Source], quiet: bool) -> Self {
        let bar = if quiet || sources.len() < 2 {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(sources.len() as u64)
        };
        // The template is a constant. If it is refused, the default bar will do.
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} mails, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            begun: Instant::now(),
        }
    }

    fn step(&self) {
        self.bar.inc(1);
        if self.begun.elapsed() < PATIENCE {
            self.bar.reset_eta();
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
