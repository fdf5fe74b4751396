//! Arguments of `install` and `uninstall`: a variant for each program that can be connected with.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::install::Recipient;
use crate::listen::Address;

/// What the program is connected with.
#[derive(Debug, Subcommand)]
pub enum Integration {
    /// Thunderbird: its extension, and the manifest by which that finds this program
    Thunderbird {
        #[command(flatten)]
        placement: Placement,
        /// Also the companion extension, which gives Thunderbird's message filters the action "Send to MISP" (ESR only)
        #[arg(long)]
        filter_action: bool,
    },
    /// Apple Mail: a script for its rules
    AppleMail(Rule),
    /// Postfix: addresses whose mails it hands over, by a pipe or by LMTP
    Postfix(Postfix),
    /// systemd: units that take mails (`listen`) and deliver the outbox, and the user that they run as
    Systemd(Units),
}

/// What the program is parted from.
#[derive(Debug, Subcommand)]
pub enum Removal {
    /// Thunderbird: the extension, the companion if there is one, and the manifest
    Thunderbird(Placement),
    /// Apple Mail: the script
    AppleMail(Rule),
    /// Postfix: all addresses, whichever way their mails are handed over
    Postfix(PostfixRemoval),
    /// systemd: the units
    Systemd(Units),
}

#[derive(Debug, Args)]
pub struct Placement {
    /// For everybody on this machine, with the rights of an administrator
    #[arg(long)]
    pub system: bool,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Rule {
    /// Send mails with the profile of this name; each profile has a script of its own
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Units {
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Postfix {
    /// Whose mails are handed over, and for which profile: `reports`, `trap=spamtrap`; with --lmtp `trap@example.org` or a
    /// domain
    #[arg(long, required = true, value_name = "ADDRESS[=PROFILE]")]
    pub address: Vec<Recipient>,
    /// Profile of the addresses that name none
    #[arg(long, value_name = "NAME", conflicts_with = "lmtp")]
    pub profile: Option<String>,
    /// Start `mispigeon send --mta` for each mail; the default
    #[arg(long, conflicts_with = "lmtp")]
    pub pipe: bool,
    /// Hand over to `mispigeon listen --lmtp`, at this address or at that of the units
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:10024")]
    pub lmtp: Option<Address>,
    /// The user that a pipe's process runs as
    #[arg(long, value_name = "NAME", default_value = "mispigeon", conflicts_with = "lmtp")]
    pub user: String,
    #[command(flatten)]
    pub removal: PostfixRemoval,
}

#[derive(Debug, Args)]
pub struct PostfixRemoval {
    /// Postfix's configuration folder, where it is not the one that `postconf` knows
    #[arg(long, value_name = "FOLDER")]
    pub config_dir: Option<PathBuf>,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}
