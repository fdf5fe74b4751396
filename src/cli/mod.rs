//! The command line: one file per subcommand. A subcommand reads mails and prints receipts; [`crate::pipeline`] does
//! the rest.

mod args;
mod config;
mod docs;
mod doctor;
mod extract;
mod failure;
mod host;
mod install;
mod legacy;
mod listen;
mod memory;
mod modes;
mod outbox;
mod output;
mod receipt;
mod send;
mod source;
mod wildcard;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::prelude::*;

use self::args::{Cli, Command};
use self::failure::Exit;
pub use self::failure::Failure;
use crate::faults;
use crate::native::Caller;

/// Runs the program. The exit code is one of sysexits.h.
pub fn main() -> ExitCode {
    if let Some(code) = faults::start() {
        return code;
    }
    let arguments: Vec<_> = std::env::args_os().collect();
    // Thunderbird uses no subcommand: its arguments are the host manifest and the extension's id.
    if let Some(caller) = Caller::of_arguments(&arguments) {
        start_log(0, false);
        return finish(host::serve(Some(&caller), None));
    }
    let parsed = match legacy::called_as(&arguments) {
        Some(name) => legacy::translate(&name, &arguments),
        None => Cli::try_parse_from(arguments),
    };
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let is_pipe = matches!(&cli.command, Command::Send(send) if send.mta);
    start_log(
        cli.global.verbose,
        cli.global.quiet || (is_pipe && cli.global.verbose == 0),
    );
    let outcome = match &cli.command {
        Command::Send(arguments) => send::run(&cli.global, arguments),
        Command::Extract(arguments) => extract::run(&cli.global, arguments),
        Command::Outbox(arguments) => outbox::run(&cli.global, arguments),
        Command::Config(arguments) => config::run(&cli.global, arguments),
        Command::Host(arguments) => host::run(&cli.global, arguments),
        Command::Listen(arguments) => listen::run(&cli.global, arguments),
        Command::Doctor(arguments) => doctor::run(&cli.global, arguments),
        Command::Install(integration) => install::run(&cli.global, integration),
        Command::Uninstall(integration) => install::undo(integration),
        Command::Completions { shell } => docs::completions(*shell),
        Command::Man { folder } => docs::man(folder.as_deref()),
    };
    finish(outcome)
}

/// Prints help, version, or what is wrong with the command line.
fn explain(error: &clap::Error) -> ExitCode {
    // If this fails, there is no place left to write to.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage.into()
    } else {
        ExitCode::SUCCESS
    }
}

fn finish(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_told() {
                let _ = writeln!(anstream::stderr(), "{}error:{:#} {failure}", output::BAD, output::BAD);
            }
            failure.exit.into()
        }
    }
}

/// Logs warnings to standard error; more with `--verbose`, only errors with `--quiet`.
fn start_log(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => tracing::Level::ERROR,
        (false, 0) => tracing::Level::WARN,
        (false, 1) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    };
    let own = tracing_subscriber::filter::Targets::new().with_target("mispigeon", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(anstream::stderr)
        .without_time()
        .with_target(false);
    tracing_subscriber::registry().with(lines.with_filter(own)).init();
}
