//! `mispigeon extract`: prints what `send` would send, and changes nothing.

use super::args::{Extract, Global, IndicatorFormat, Treatment};
use super::failure::{Exit, Failure};
use super::modes;
use super::output::{self, Columns};
use super::source;
use crate::config::Config;
use crate::domain::Overrides;
use crate::domain::coding::text_of;
use crate::pipeline::row::{HEADINGS, Row};
use crate::pipeline::{self, Look, Request};

pub fn run(global: &Global, arguments: &Extract) -> Result<(), Failure> {
    let config = Config::load(global.config.as_deref()).map_err(Failure::config)?;
    let settings = config
        .profile(arguments.treatment.profile.as_deref())
        .map_err(Failure::config)?;
    let mut printer = Printer::new(arguments);
    let mut failures = Vec::new();
    for source in source::list(&arguments.files)? {
        let bytes = match source.read(settings.mail.max_size) {
            Ok(bytes) => bytes,
            Err(failure) => {
                failures.push(failure);
                continue;
            }
        };
        if arguments.text {
            let text = text_of(bytes);
            let overrides = overrides(&arguments.treatment);
            pipeline::extract_text(&text, &overrides, &settings, &mut |rows| printer.print(rows));
            continue;
        }
        source::for_each_mail(&source.name(), bytes, |name, raw| {
            if arguments.modes {
                match pipeline::look(
                    raw.into(),
                    request(name, &arguments.treatment),
                    &settings,
                    arguments.all,
                ) {
                    Ok(look) => printer.look(name, &look),
                    Err(error) => failures.push(Failure::new(Exit::Data, error).of_mail(name)),
                }
                return;
            }
            let request = request(name, &arguments.treatment);
            let mut each = |rows: &[Row<'_>]| printer.print(rows);
            if let Err(error) = pipeline::extract(raw, request, &settings, &mut each) {
                failures.push(Failure::new(Exit::Data, error).of_mail(name));
            }
        });
    }
    printer.finish()?;
    Failure::of_many(failures)
}

fn overrides(treatment: &Treatment) -> Overrides {
    Overrides {
        urls_only: treatment.urls_only,
        ..Overrides::default()
    }
}

fn request(name: &str, treatment: &Treatment) -> Request {
    Request {
        origin: name.to_owned(),
        mode: treatment.mode,
        profile: treatment.profile.clone(),
        overrides: overrides(treatment),
        original: None,
        left_out: Vec::new(),
    }
}

/// Prints indicators in the chosen format.
struct Printer<'a> {
    arguments: &'a Extract,
    out: output::Out,
    columns: Columns<12>,
    failure: Option<Failure>,
}

impl<'a> Printer<'a> {
    fn new(arguments: &'a Extract) -> Self {
        Self {
            arguments,
            out: output::Out::new(),
            columns: Columns::new(HEADINGS),
            failure: None,
        }
    }

    /// Keeps an error of writing for [`Printer::finish`].
    fn print(&mut self, rows: &[Row<'_>]) {
        if self.failure.is_some() {
            return;
        }
        let all = self.arguments.all;
        let shown: Vec<&Row<'_>> = rows.iter().filter(|row| all || !row.is_skipped()).collect();
        let printed = match self.arguments.format {
            IndicatorFormat::Table => {
                let mut rows = shown.iter();
                rows.try_for_each(|row| self.out.row(&mut self.columns, row.cells()))
            }
            IndicatorFormat::Json => self.out.json_lines(&shown),
            IndicatorFormat::Csv => shown.iter().try_for_each(|row| self.out.csv(HEADINGS, &row.cells())),
        };
        self.failure = printed.err();
    }

    /// Keeps an error of writing for [`Printer::finish`].
    fn look(&mut self, origin: &str, look: &Look) {
        if self.failure.is_none() {
            self.failure = modes::print(&mut self.out, self.arguments.format, origin, look).err();
        }
    }

    fn finish(mut self) -> Result<(), Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.arguments.format == IndicatorFormat::Table {
            self.out.table(&self.columns)?;
        }
        self.out.flush()
    }
}
