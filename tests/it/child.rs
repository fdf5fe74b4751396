//! Starts this test program again as another process that runs one ignored test. Environment variables tell it what to do.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const FOLDER: &str = "MISPIGEON_TEST_FOLDER";
const NAME: &str = "MISPIGEON_TEST_NAME";

/// Starts the ignored test `test` on `folder`.
pub fn start(test: &str, folder: &Path, name: &str) -> Child {
    start_with(test, folder, name, &[])
}

/// As [`start`], with more environment variables.
pub fn start_with(test: &str, folder: &Path, name: &str, environment: &[(&str, &str)]) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(NAME, name)
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the child has said `lines` lines that begin with `word`.
pub fn await_lines(child: &mut Child, word: &str, lines: usize) -> Vec<String> {
    let output = BufReader::new(child.stdout.take().unwrap());
    output
        .lines()
        .map_while(Result::ok)
        .filter(|line| line.starts_with(word))
        .take(lines)
        .collect()
}

/// In the child: the folder to work on and the child's name; `None` if somebody runs the ignored tests by hand.
pub fn told() -> Option<(PathBuf, String)> {
    Some((env::var_os(FOLDER)?.into(), env::var(NAME).ok()?))
}
