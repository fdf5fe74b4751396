//! Every argument of the program, defined once: parser, help, man pages and completions come from here.

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
    /// Say more on standard error; twice for every step
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing on standard error but failures
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make or extend a MISP event of each mail
    Send(Send),
    /// Print the indicators of each mail, and touch nothing
    Extract(Extract),
    /// Look at what waits for delivery, and see to it
    #[command(subcommand)]
    Outbox(Outbox),
    /// Make, look at, check or import the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check every piece, and say what is wrong and what to do about it
    Doctor(Doctor),
    /// Serve the Thunderbird extension (native messaging); Thunderbird starts this by itself
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

/// What a mail is and how it is treated; shared by `send` and `extract`.
#[derive(Debug, Args)]
pub struct Treatment {
    /// What the mail is: a report about threats, the threat itself, or the carrier of attached mails
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub mode: Mode,
    /// Use the profile of this name from the configuration
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
    /// Where to, instead of what the configuration says
    #[arg(long, value_enum)]
    pub to: Option<Target>,
    /// Free comment for the event's report
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// For a mail server's pipe: succeed once the mail is stored, without a word, and on any fault but a bad mail have
    /// the server keep the mail and try again (exit code 75)
    #[arg(long, conflicts_with = "dry_run")]
    pub mta: bool,
    /// How receipts are printed
    #[arg(long, value_enum, default_value_t = ReceiptFormat::Text)]
    pub format: ReceiptFormat,
}

/// Form of a receipt.
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
    /// Also what would be skipped, with the reason
    #[arg(long)]
    pub all: bool,
    /// How indicators are printed
    #[arg(long, value_enum, default_value_t = IndicatorFormat::Table)]
    pub format: IndicatorFormat,
}

/// Form of a list of indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IndicatorFormat {
    /// Columns; tabs between them in a pipe
    Table,
    /// One JSON object a line
    Json,
    /// Comma-separated, with a header line
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Outbox {
    /// List what waits or failed
    List {
        /// Also what was delivered
        #[arg(long)]
        all: bool,
        /// How rows are printed
        #[arg(long, value_enum, default_value_t = ReceiptFormat::Text)]
        format: ReceiptFormat,
    },
    /// Show one row: origin, event, errors, skipped indicators
    Show {
        /// Number of the row
        id: i64,
    },
    /// Deliver what waits; with numbers, those rows, whatever their state
    Retry {
        /// Numbers of rows
        ids: Vec<i64>,
        /// Build the events again, under the configuration of today
        #[arg(long)]
        rebuild: bool,
        /// Only what is due by itself, not what failed: for a timer
        #[arg(long, conflicts_with_all = ["ids", "rebuild"])]
        due: bool,
    },
    /// Remove rows that are not delivered; their mails are lost
    Drop {
        /// Numbers of rows
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

/// Exits with 0 when nothing is wrong, warnings aside, and with 78 when there is a problem.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Only this profile of the configuration, instead of the top level and all profiles
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// How what was found is printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Ask no server
    #[arg(long)]
    pub offline: bool,
}

/// Form of what `doctor` found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// One line for each piece, the next step below it
    Text,
    /// One JSON array: objects with `id`, `profile`, `state` (ok, warning, problem, skipped), `what`, `next`
    Json,
}

#[derive(Debug, Args)]
pub struct HostCommand {
    /// The host manifest, as Thunderbird names it
    #[arg(requires = "extension")]
    pub manifest: Option<PathBuf>,
    /// Id of the extension that calls
    pub extension: Option<String>,
}

/// Where to listen; what is not given here is taken from the configuration.
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
        /// Of this profile
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
    },
    /// Check the configuration file
    Check,
    /// Translate a `mail_to_misp` configuration module, without running it
    Import {
        /// `mail_to_misp_config.py`
        file: PathBuf,
        /// Write it as the configuration file instead of printing it; a profile is added to the one that is there
        #[arg(long)]
        write: bool,
        /// Make a profile of it, for a second configuration beside the first
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
    },
}
