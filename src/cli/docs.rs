//! `mispigeon completions` and `mispigeon man`: generated from the definitions of the arguments.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;

use super::args::Cli;
use super::failure::Failure;

pub fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "mispigeon", &mut script);
    write_out(&script)
}

pub fn man(folder: Option<&Path>) -> Result<(), Failure> {
    match folder {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map_err(Failure::cannot_create)?;
            write_out(&page)
        }
        Some(folder) => {
            let failed = |error: io::Error| Failure::cannot_create(format!("{}: {error}", folder.display()));
            fs::create_dir_all(folder).map_err(failed)?;
            clap_mangen::generate_to(Cli::command(), folder).map_err(failed)
        }
    }
}

fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    io::stdout().write_all(bytes).map_err(Failure::from_output)
}
