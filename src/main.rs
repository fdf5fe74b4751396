//! The `mispigeon` program: everything is in the library, see `mispigeon::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mispigeon::cli::main()
}
