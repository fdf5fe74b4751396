//! Runs another program and waits for its end, but not for ever.

use std::io;
use std::pin::pin;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tokio::time::timeout;

/// How long a program may run that only has to say something.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// After this time the log says what is waited for.
const SOON: Duration = Duration::from_secs(1);

/// What the program writes, and how it ended. It gets no input. If it does not end in time, it is killed with all that it started, and
/// the error is [`io::ErrorKind::TimedOut`].
pub fn output_of(mut command: Command, patience: Duration) -> io::Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    // A thread per pipe would never end if a child of the program kept the pipe open.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime?.block_on(async {
        let child = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        let group = child.id();
        let mut output = pin!(child.wait_with_output());
        if let Ok(output) = timeout(SOON.min(patience), &mut output).await {
            return output;
        }
        tracing::warn!("waiting for {name}, at most {} seconds", patience.as_secs());
        timeout(patience.saturating_sub(SOON), output)
            .await
            .unwrap_or_else(|_| {
                kill_group(group);
                let words = format!(
                    "{name} did not end within {} seconds and was stopped",
                    patience.as_secs()
                );
                Err(io::Error::new(io::ErrorKind::TimedOut, words))
            })
    })
}

/// Ends a program and what it started, so that nothing is left behind.
#[cfg(unix)]
fn kill_group(leader: Option<u32>) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = leader.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(group) = group {
        // It fails if all have ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: Option<u32>) {}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_stopped_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        // A child keeps the pipe open after the program is gone.
        let script = format!("sleep 60 & echo $$ $! > '{}'; wait", note.display());
        let started = Instant::now();
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        let error = output_of(command, Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "sh did not end within 1 seconds and was stopped");
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
        let pid = std::fs::read_to_string(note).unwrap();
        for pid in pid.split_whitespace() {
            let process = Path::new("/proc").join(pid).join("status");
            // It is killed, but perhaps not reaped yet.
            let state = std::fs::read_to_string(process).unwrap_or_default();
            assert!(!state.contains("State:\tS"), "{state}");
        }
    }
    /// It would wait for ever.
    #[test]
    fn no_other_code_waits_for_the_output_of_a_program() {
        for entry in walkdir::WalkDir::new("src").into_iter().map(Result::unwrap) {
            let path = entry.path();
            let is_test = path.to_string_lossy().contains("tests");
            if path.extension().is_some_and(|kind| kind == "rs") && !is_test && !path.ends_with("config/program.rs") {
                let text = std::fs::read_to_string(path).unwrap();
                assert!(!text.contains(".output()"), "{}", path.display());
            }
        }
    }
}
