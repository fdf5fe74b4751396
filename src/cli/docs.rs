//! `mispigeon completions` and `mispigeon man`: generated from the definitions of the arguments.

use std::fs;
use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::args::Cli;
use super::failure::Failure;

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "mispigeon", &mut script);
    write_out(&script)
}

/// Prints the manual page, or writes one for each command into a folder.
pub fn man(folder: Option<&Path>) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    match folder {
        None => write_out(&page(&command)?),
        Some(folder) => {
            let failed = |error: io::Error| Failure::cannot_create(format!("{}: {error}", folder.display()));
            fs::create_dir_all(folder).map_err(failed)?;
            pages(&command, "mispigeon", &mut |name, page| fs::write(folder.join(format!("{name}.1")), page).map_err(failed))
        }
    }
}

fn pages(command: &Command, name: &str, write: &mut impl FnMut(&str, Vec<u8>) -> Result<(), Failure>) -> Result<(), Failure> {
    write(name, page(&command.clone().name(clap::builder::Str::from(name.to_owned())))?)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        pages(sub, &format!("{name}-{}", sub.get_name()), write)?;
    }
    Ok(())
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(Failure::cannot_create)?;
    Ok(page)
}

fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    io::stdout().write_all(bytes).map_err(Failure::from_output)
}
