//! How the program fails: a message for the person and a sysexits code for the program that called.

use std::fmt;
use std::process::ExitCode;

use crate::outbox::OutboxError;

/// An exit code of sysexits.h, as mail servers understand them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
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

/// Why a command ends without success.
#[derive(Debug)]
pub struct Failure {
    /// The process's exit code.
    pub exit: Exit,
    message: String,
}

impl Failure {
    /// A failure with its code.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self {
            exit,
            message: message.to_string(),
        }
    }

    /// A failure that the person has read about already.
    pub fn told(exit: Exit) -> Self {
        Self::new(exit, "")
    }

    /// Whether nothing remains to be said.
    pub fn is_told(&self) -> bool {
        self.message.is_empty()
    }

    /// The same for a mail server, which is to keep the mail and try again, unless the mail itself is at fault.
    #[must_use]
    pub fn deferred(self) -> Self {
        match self.exit {
            Exit::Data => self,
            _ => Self {
                exit: Exit::TempFail,
                ..self
            },
        }
    }

    /// A wrong command line.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Input that is not there or not readable.
    pub fn no_input(message: impl fmt::Display) -> Self {
        Self::new(Exit::NoInput, message)
    }

    /// A configuration that cannot be used.
    pub fn config(message: impl fmt::Display) -> Self {
        Self::new(Exit::Config, message)
    }

    /// Output that cannot be written.
    pub fn cannot_create(message: impl fmt::Display) -> Self {
        Self::new(Exit::CannotCreate, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// One failure of several: all messages, the first one's code.
    pub fn of_many(failures: &[Self]) -> Result<(), Self> {
        let Some(exit) = failures.first().map(|failure| failure.exit) else {
            return Ok(());
        };
        let messages: Vec<String> = failures.iter().map(ToString::to_string).collect();
        Err(Self::new(exit, messages.join("\n")))
    }
}

impl From<OutboxError> for Failure {
    fn from(error: OutboxError) -> Self {
        let exit = match error.exit_code() {
            66 => Exit::NoInput,
            73 => Exit::CannotCreate,
            75 => Exit::TempFail,
            _ => Exit::Software,
        };
        Self::new(exit, error)
    }
}
