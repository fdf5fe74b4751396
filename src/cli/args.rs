//! Every argument of the program, defined once. Parser, help, man pages and completions come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod install;

pub use install::{Integration, Placement, Postfix, Removal, Rule};

use crate::domain::{Mode, Target};
use crate::listen::Address;

/// Turns e-mails into MISP events.
///
/// Finds the indicators of compromise in a mail and makes a MISP event of them. Without any configuration the event
/// goes into a MISP feed folder in the data folder.
#[derive(Debug, Parser)]
#[command(name = "mispigeon", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Configuration file, instead of `config.toml` in the platform's folder
    #[arg(long, global = true, value_name = "FILE", env = "MISPIGEON_CONFIG")]
    pub config: Option<PathBuf>,
    /// Print more on standard error; give it twice to see every step
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print nothing on standard error but failures
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make or extend a MISP event of each mail
    Send(Send),
    /// Print the indicators of each mail, and touch nothing
    Extract(Extract),
    /// List, show, retry or drop what waits for delivery
    #[command(subcommand)]
    Outbox(Outbox),
    /// Write, show, check or import the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check everything, and say what is wrong and what to do about it
    Doctor(Doctor),
    /// Serve the Thunderbird extension (native messaging); only Thunderbird starts this
    Host(HostCommand),
    /// Take mails by LMTP from a mail server, or by SMTP as a spamtrap
    Listen(Listen),
    /// Connect the program with a mail program
    #[command(subcommand)]
    Install(Integration),
    /// Remove what `install` put in place, and nothing else
    #[command(subcommand)]
    Uninstall(Removal),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command into a folder
    Man {
        /// Folder for `mispigeon.1`, `mispigeon-send.1`, …
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

/// How a mail is treated; shared by `send` and `extract`.
#[derive(Debug, Args)]
pub struct Treatment {
    /// What the mail is: a report about threats, the threat itself, or the carrier of attached mails
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub mode: Mode,
    /// Use this profile of the configuration
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Send only URLs and links
    #[arg(long)]
    pub urls_only: bool,
}

#[derive(Debug, Args)]
pub struct Send {
    /// Mails: files, folders, mbox files, Maildirs; `-` or nothing for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub treatment: Treatment,
    /// Add to this event (numeric id or uuid) instead of making one
    #[arg(long, value_name = "ID")]
    pub event: Option<String>,
    /// Print the event exactly as it would be posted, and touch nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Send it there instead of where the configuration says
    #[arg(long, value_enum)]
    pub to: Option<Target>,
    /// Free comment for the event's report
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// For a mail server's pipe: print nothing, and exit with 0 once the mail is stored. On any fault but a bad mail,
    /// exit with 75, so that the server keeps the mail and tries again
    #[arg(long, conflicts_with = "dry_run")]
    pub mta: bool,
    /// How to print receipts
    #[arg(long, value_enum, default_value_t = ReceiptFormat::Text)]
    pub format: ReceiptFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReceiptFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Args)]
pub struct Extract {
    /// Mails: files, folders, mbox files, Maildirs; `-` or nothing for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The input is plain text, not a mail
    #[arg(long)]
    pub text: bool,
    #[command(flatten)]
    pub treatment: Treatment,
    /// Print what each mail is taken for and why, and what is known of its sender, in place of its indicators
    #[arg(long, conflicts_with = "text")]
    pub modes: bool,
    /// Also print what would be skipped, with the reason; with `--modes` also the facts that did not decide
    #[arg(long)]
    pub all: bool,
    /// How to print indicators
    #[arg(long, value_enum, default_value_t = IndicatorFormat::Table)]
    pub format: IndicatorFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IndicatorFormat {
    /// Columns; in a pipe, separated by tabs
    Table,
    /// One JSON object a line
    Json,
    /// Comma-separated, with a header line
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Outbox {
    /// List what waits or has failed
    List {
        /// Also list what was delivered
        #[arg(long)]
        all: bool,
        /// How to print rows
        #[arg(long, value_enum, default_value_t = ReceiptFormat::Text)]
        format: ReceiptFormat,
    },
    /// Show one row: origin, event, errors, skipped indicators
    Show {
        /// Number of the row
        id: i64,
    },
    /// Deliver what waits; with numbers, those rows in any state
    Retry {
        /// Numbers of rows
        ids: Vec<i64>,
        /// Build the events again with today's configuration
        #[arg(long)]
        rebuild: bool,
        /// Only rows whose time has come, no failed ones; for a timer
        #[arg(long, conflicts_with_all = ["ids", "rebuild"])]
        due: bool,
    },
    /// Write what waits or has failed as files, to import it elsewhere; it stays in the outbox
    Export {
        /// Folder for the files; it is made
        folder: PathBuf,
    },
    /// Take in what `outbox export` wrote; what is here already stays as it is
    Import {
        /// Folder with the files
        folder: PathBuf,
    },
    /// Copy the state database, also while others use it
    Backup {
        /// File to make
        file: PathBuf,
    },
    /// Deliver a row whose delivery ended its process before; called by the process that has it
    #[command(hide = true)]
    Alone {
        /// Number of the row
        id: i64,
        /// The claim on it
        lease: String,
    },
    /// Remove rows that are not delivered, together with their mails
    Drop {
        /// Numbers of rows
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

/// Exits with 78 if there is a problem, else with 0, even if there are warnings.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Check only this profile, instead of the top level and all profiles
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Ask no server
    #[arg(long)]
    pub offline: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// One line for each check, and below it what to do
    Text,
    /// One JSON array: objects with `id`, `profile`, `state` (ok, warning, problem, skipped), `what`, `next`
    Json,
}

#[derive(Debug, Args)]
pub struct HostCommand {
    /// The host manifest, as Thunderbird names it
    #[arg(requires = "extension")]
    pub manifest: Option<PathBuf>,
    /// Id of the calling extension
    pub extension: Option<String>,
}

/// Without any address, those of the configuration count.
#[derive(Debug, Args)]
pub struct Listen {
    /// Take mails by LMTP here: `127.0.0.1:24`, `[::1]:24`, `unix:/run/mispigeon/lmtp`
    #[arg(long, value_name = "ADDRESS")]
    pub lmtp: Vec<Address>,
    /// Take mails by SMTP here, with STARTTLS
    #[arg(long, value_name = "ADDRESS")]
    pub smtp: Vec<Address>,
    /// Take mails by SMTP with TLS from the first byte here
    #[arg(long, value_name = "ADDRESS")]
    pub smtps: Vec<Address>,
    /// What the mails are
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub mode: Mode,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write a configuration file that explains every setting
    Init {
        /// Overwrite an existing file
        #[arg(long)]
        force: bool,
    },
    /// Show the settings in force
    Show {
        /// Those of this profile
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
    },
    /// Check the configuration file
    Check,
    /// Translate a `mail_to_misp` configuration module, without running it
    Import {
        /// `mail_to_misp_config.py`
        file: PathBuf,
        /// Write the configuration file instead of printing; a profile is added to the existing file
        #[arg(long)]
        write: bool,
        /// Make a profile, for a second configuration beside the first
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
    },
}
