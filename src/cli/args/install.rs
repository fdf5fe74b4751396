//! Arguments of `install` and `uninstall`: a variant for each program to connect with.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::install::Recipient;
use crate::listen::Address;

#[derive(Debug, Subcommand)]
pub enum Integration {
    /// Thunderbird: the extension, and the manifest that lets the extension find this program
    Thunderbird {
        #[command(flatten)]
        placement: Placement,
        /// Also install the companion extension, which adds the action "Send to MISP" to Thunderbird's message filters
        /// (where Thunderbird takes Experiments, as the ESR does)
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

#[derive(Debug, Subcommand)]
pub enum Removal {
    /// Thunderbird: the extension, its companion, and the manifest
    Thunderbird(Placement),
    /// Apple Mail: the script
    AppleMail(Rule),
    /// Postfix: all addresses, by pipe and by LMTP
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
    /// Send mails with this profile; each profile has its own script
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
    /// Recipients whose mails Postfix hands over, each with a profile if wanted: `reports`, `trap=spamtrap`; with
    /// --lmtp `trap@example.org` or a domain
    #[arg(long, required = true, value_name = "ADDRESS[=PROFILE]")]
    pub address: Vec<Recipient>,
    /// Profile for addresses that name none
    #[arg(long, value_name = "NAME", conflicts_with = "lmtp")]
    pub profile: Option<String>,
    /// Start `mispigeon send --mta` for each mail (default)
    #[arg(long, conflicts_with = "lmtp")]
    pub pipe: bool,
    /// Hand over to `mispigeon listen --lmtp`, at this address or at that of the systemd units
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:10024")]
    pub lmtp: Option<Address>,
    /// The user that runs the program for a pipe
    #[arg(long, value_name = "NAME", default_value = "mispigeon", conflicts_with = "lmtp")]
    pub user: String,
    #[command(flatten)]
    pub removal: PostfixRemoval,
}

#[derive(Debug, Args)]
pub struct PostfixRemoval {
    /// Postfix's configuration folder, if it is not the one that `postconf` uses
    #[arg(long, value_name = "FOLDER")]
    pub config_dir: Option<PathBuf>,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}
