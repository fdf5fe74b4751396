//! How the program fails: with a message for the person and a sysexits code for the calling program.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::domain::with_causes;
use crate::outbox::{OutboxError, Remedy};

/// An exit code of sysexits.h, which mail servers understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    Success = 0,
    Usage = 64,
    /// The input is not a mail.
    Data = 65,
    /// The input does not exist or cannot be read.
    NoInput = 66,
    /// The program has a fault.
    Software = 70,
    /// Something cannot be written.
    CannotCreate = 73,
    /// Nothing could be stored; try again.
    TempFail = 75,
    /// The server refuses.
    NoPermission = 77,
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error, or a text.
type Cause = Box<dyn Error + Send + Sync>;

#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// `None` if the person has been told already.
    cause: Option<Cause>,
}

impl Failure {
    pub fn new(exit: Exit, cause: impl Into<Cause>) -> Self {
        Self {
            exit,
            cause: Some(cause.into()),
        }
    }

    /// A failure that the person has been told already.
    pub const fn told(exit: Exit) -> Self {
        Self { exit, cause: None }
    }

    pub const fn is_told(&self) -> bool {
        self.cause.is_none()
    }

    /// For a mail server: it keeps the mail and tries again, unless the mail itself is at fault.
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

    /// Puts the mail's name before the message.
    #[must_use]
    pub fn of_mail(self, name: &str) -> Self {
        if self.is_told() {
            return self;
        }
        Self::new(self.exit, format!("{name}: {self}"))
    }

    pub fn usage(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::Usage, cause)
    }

    /// Input that does not exist or cannot be read.
    pub fn no_input(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::NoInput, cause)
    }

    pub fn config(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::Config, cause)
    }

    pub fn cannot_create(cause: impl Into<Cause>) -> Self {
        Self::new(Exit::CannotCreate, cause)
    }

    /// An error of standard output. If the reader went away, as `| head` does, it has read enough: the program ends
    /// silently.
    #[allow(clippy::needless_pass_by_value)] // for `map_err`
    pub fn from_output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::told(Exit::Success),
            _ => Self::cannot_create(format!("cannot write to standard output: {error}")),
        }
    }

    /// Combines failures: all messages, and the code of the first. If the reader of the output went away, only that
    /// counts.
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
