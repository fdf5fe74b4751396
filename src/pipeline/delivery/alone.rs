//! A row whose delivery ended its process is delivered in a process of its own, which may not take much memory: if the mail is to
//! blame, it takes nothing else with it. The process that holds the claim starts the other one, waits, and counts its end.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Claim, Courier, Delivery, Obstacle};
use crate::config::MailSettings;
use crate::outbox::{OutboxError, RowId};

/// How often to look whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

impl Courier<'_> {
    /// Rows whose delivery ended a process are delivered by another process of this program from now on.
    #[must_use]
    pub fn with_program(mut self) -> Self {
        self.program = std::env::current_exe().ok();
        self
    }

    /// Delivers a row in a process of its own if it ended one before; `None` if that is not needed, or there can be no other process.
    pub(super) fn deliver_alone(&self, claim: &Claim) -> Result<Option<Delivery>, OutboxError> {
        let Some(program) = self.program.as_deref().filter(|_| claim.killed > 0) else {
            return Ok(None);
        };
        let longest = self.limits().time_alone;
        tracing::warn!(
            "outbox entry {}: its delivery ended a process, so a process of its own does it now, which may take {} seconds",
            claim.id,
            longest.as_secs()
        );
        let ended = match self.start(program, claim) {
            Ok(child) => self.keeping(std::slice::from_ref(claim), || wait(child, longest)),
            Err(error) => {
                tracing::warn!("outbox entry {}: no process of its own: {error}", claim.id);
                return Ok(None);
            }
        };
        match ended {
            Some(status) if status.success() => {}
            // It said why in the log, and the mail is not to blame.
            Some(status) if status.code().is_some_and(|code| code != PANIC) => {
                let obstacle = Obstacle::too_little(format!("the process that delivers it ended with {status}"));
                return self.give_up(claim, obstacle, None).map(Some);
            }
            _ => self.outbox.died(claim)?,
        }
        self.outbox.show(claim.id).map(Delivery::of_row).map(Some)
    }

    fn start(&self, program: &Path, claim: &Claim) -> std::io::Result<Child> {
        let mut command = Command::new(program);
        if let Some(file) = self.config.file() {
            command.arg("--config").arg(file);
        }
        let id = claim.id.to_string();
        command.args(["outbox", "alone", &id, claim.lease()]);
        // Standard output may be somebody's protocol.
        command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()
    }

    /// Those of the top level. If the configuration cannot be read, the row says so later.
    fn limits(&self) -> MailSettings {
        let settings = self.config.settings(None);
        settings.map(|settings| settings.mail.clone()).unwrap_or_default()
    }

    /// What the process of its own does.
    pub fn deliver_handed_on(&self, id: RowId, lease: &str) -> Result<(), OutboxError> {
        limit_memory(self.limits().memory_alone);
        if let Some(claim) = self.outbox.handed_on(id, lease)? {
            self.deliver_claimed(&claim, None)?;
        }
        Ok(())
    }
}

/// Exit code of a program that panicked.
const PANIC: i32 = 101;

/// `None` if the process did not end in time and was stopped.
fn wait(mut child: Child, longest: Duration) -> Option<ExitStatus> {
    let until = Instant::now() + longest;
    while Instant::now() < until {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => thread::sleep(LOOK),
            Err(error) => {
                tracing::warn!("cannot wait for the process that delivers: {error}");
                break;
            }
        }
    }
    // It fails if the process has ended just now.
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// What this process may take, and that it goes first where the whole machine has too little. Other systems have no such limit that works.
#[cfg(target_os = "linux")]
fn limit_memory(bytes: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    let mut limit = getrlimit(Resource::As);
    limit.current = Some(limit.current.map_or(bytes, |current| current.min(bytes)));
    if let Err(error) = setrlimit(Resource::As, limit) {
        tracing::warn!("the process has no limit for memory: {error}");
    }
    // Where there is no such file, nothing is lost.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
}

#[cfg(not(target_os = "linux"))]
fn limit_memory(_: usize) {}
