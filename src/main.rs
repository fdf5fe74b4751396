//! The `mispigeon` program: everything is in the library, see `mispigeon::cli`.

use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mispigeon::cli::main()
}
