//! Runs the program as a user would, with a data folder and a configuration of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_mispigeon");

/// A home for one test.
pub struct Home {
    folder: tempfile::TempDir,
    /// Environment for every call.
    environment: Vec<(String, String)>,
}

/// The result of a call.
#[derive(Debug)]
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// Standard output as JSON, one value a line.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    /// Returns the call; panics if it failed.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder for temporary files"),
            environment: Vec::new(),
        }
    }

    /// A home whose program delivers to the server at `url`.
    pub fn with_misp(url: &str, key: &str) -> Self {
        let mut home = Self::new();
        home.environment.push(("MISPIGEON_MISP_URL".to_owned(), url.to_owned()));
        home.environment.push(("MISPIGEON_MISP_KEY".to_owned(), key.to_owned()));
        home
    }

    /// The same home with one more environment variable for the program.
    pub fn also(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Writes a file that only its owner can read.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a written file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("permissions");
        }
        path
    }

    pub fn command(&self) -> Command {
        self.command_of(&[PROGRAM])
    }

    /// A program and its arguments, in the environment of this home.
    pub fn command_of(&self, words: &[&str]) -> Command {
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("MISPIGEON_DATA_DIR", self.data())
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        let config = self.path().join("config.toml");
        if config.exists() {
            command.env("MISPIGEON_CONFIG", config);
        }
        command
    }

    /// Runs a shell script in its own mount namespace, with `$PROGRAM`, this home, and the folder `$SCRATCH`. The script prints
    /// `ready` after its mounts; returns what it prints from then on. Says so and returns `None` where that needs root.
    #[track_caller]
    pub fn in_own_file_system(&self, scratch: &Path, script: &str) -> Option<String> {
        let run = Command::new("unshare")
            .args(["--mount", "sh", "-c", script])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("SCRATCH", scratch)
            .env("PROGRAM", PROGRAM)
            .output();
        let Ok(run) = run else {
            println!("skipped: unshare is not there");
            return None;
        };
        let (out, err) = (
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr),
        );
        let Some(("", out)) = out.split_once("ready\n") else {
            println!("skipped: a file system of its own needs root: {}", err.trim());
            return None;
        };
        assert!(run.status.success(), "{out}\n{err}");
        Some(out.to_owned())
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with_input(arguments, b"")
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        Run::of(self.command().args(arguments), input)
    }
}

impl Run {
    /// Starts it, and waits for its end.
    pub fn of(command: &mut Command, input: &[u8]) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.to_owned();
        // Writing fails if the program ends without reading its input, and that is fine.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
        writer.join().expect("written");
        Run {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&stdout).into_owned(),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        }
    }
}
