//! How the program fails: a message for the person and a sysexits code for the program that called.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::domain::with_causes;
use crate::outbox::{OutboxError, Remedy};

/// An exit code of sysexits.h, as mail servers understand them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Nothing is wrong.
    Success = 0,
    /// The command line is wrong.
    Usage = 64,
    /// The input is not a mail.
    Data = 65,
    /// There is no such input.
    NoInput = 66,
    /// A fault in the program.
    Software = 70,
    /// Something cannot be written.
    CannotCreate = 73,
    /// Nothing could be stored; try again.
    TempFail = 75,
    /// The server refuses.
    NoPermission = 77,
    /// The configuration is wrong.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error, or only words for one.
type Cause = Box<dyn Error + Send + Sync>;

/// Why a command ends before its work is done.
#[derive(Debug)]
pub struct Failure {
    /// The process's exit code.
    pub exit: Exit,
    /// `None` when there is no message to print.
    cause: Option<Cause>,
}

impl Failure {
    /// A failure with its code.
    pub fn new(exit: Exit, cause: impl Into<Cause>) -> Self {
        Self {
            exit,
            cause: Some(cause.into()),
        }
    }

    /// A failure that the person has read about already.
    pub const fn told(exit: Exit) -> Self {
        Self { exit, cause: None }
    }

    /// Whether there is no message to print.
    pub const fn is_told(&self) -> bool {
        self.cause.is_none()
    }

    /// The same for a mail server, which is to keep the mail and try again, unless the mail itself is at fault.
    #[must_use]
    pub fn deferred(self) -> Self {
        match self.exit {
            Exit::Data | Exit::Success => self,
            _ => Self {
                exit: Exit::TempFail,
                ..self
            },
        }
    }

    /// The same with the mail's name before the message.
    #[must_use]
    pub fn of_mail(self, name: &str) -> Self {
        if self.is_told() {
            return self;
        }
        Self::new(self.exit, format!("{name}: {self}"))
    }

    /// A wrong command line.
    pub fn usage(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::Usage, cause)
    }

    /// Input that is not there or not readable.
    pub fn no_input(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::NoInput, cause)
    }

    /// A configuration that cannot be used.
    pub fn config(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::Config, cause)
    }

    /// Output that cannot be written.
    pub fn cannot_create(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::CannotCreate, cause)
    }

    /// Standard output that cannot be written. A reader that went away has read enough, as with `| head`: the program ends
    /// without a word.
    #[allow(clippy::needless_pass_by_value)] // for `map_err`
    pub fn from_output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::told(Exit::Success),
            _ => Self::cannot_create(format!("cannot write to standard output: {error}")),
        }
    }

    /// One failure of several: all messages, the first one's code. When the reader of the output is gone, only that counts.
    pub fn of_many(mut failures: Vec<Self>) -> Result<(), Self> {
        if let Some(told) = failures.iter().position(Self::is_told) {
            return Err(failures.swap_remove(told));
        }
        let Some(exit) = failures.first().map(|failure| failure.exit) else {
            return Ok(());
        };
        let messages: Vec<String> = failures.iter().map(ToString::to_string).collect();
        Err(Self::new(exit, messages.join("\n")))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => f.write_str(&with_causes(cause.as_ref())),
            None => Ok(()),
        }
    }
}

impl From<OutboxError> for Failure {
    fn from(error: OutboxError) -> Self {
        let exit = match error.remedy() {
            Remedy::OtherRow => Exit::NoInput,
            Remedy::Wait => Exit::TempFail,
            Remedy::Storage => Exit::CannotCreate,
            Remedy::Report => Exit::Software,
        };
        Self::new(exit, error)
    }
}
