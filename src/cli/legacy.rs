//! The command line of `mail_to_misp`: if the program is called by that name, it takes the old arguments.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Parser;

use super::args::{Cli, Command, Global, ReceiptFormat, Send, Treatment};

use crate::domain::Mode;

/// Name of the old program. Names of links begin with it.
const NAME: &str = "mail_to_misp";

/// Makes a MISP event of a mail, as `mail_to_misp` did; `mispigeon` can more.
///
/// A link to this program with a name such as `mail_to_misp_forward` uses the profile `forward` of the configuration.
#[derive(Debug, Parser)]
#[command(name = "mail_to_misp", version)]
struct Arguments {
    /// The mail: a file, or `-` for standard input
    #[arg(value_name = "FILE", conflicts_with = "read")]
    file: Option<PathBuf>,
    /// Read the mail from this file
    #[arg(short, long, value_name = "FILE")]
    read: Option<PathBuf>,
    /// The mail itself is the threat, as a spamtrap gets it
    #[arg(short, long)]
    trap: bool,
    /// Add to this event (numeric id or uuid) instead of making one
    #[arg(short, long, value_name = "EVENT")]
    event: Option<String>,
    /// Send only URLs
    #[arg(short, long)]
    urlsonly: bool,
}

/// The name that the program was called by, if it is the old one or begins with it.
pub fn called_as(arguments: &[OsString]) -> Option<String> {
    let name = Path::new(arguments.first()?).file_name()?.to_str()?;
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let name = name.strip_suffix(".py").unwrap_or(name);
    let rest = name.strip_prefix(NAME)?;
    (rest.is_empty() || rest.starts_with(['_', '-'])).then(|| name.to_owned())
}

/// Translates the old command line. On a wrong one, the error of the parser.
pub fn translate(name: &str, arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let old = Arguments::try_parse_from(arguments)?;
    let file = old.read.or(old.file).unwrap_or_else(|| "-".into());
    // With standard input a mail server's alias pipes the mail in, and must not return it to its sender.
    let mta = file == Path::new("-");
    let send = Send {
        files: vec![file],
        treatment: Treatment {
            mode: if old.trap { Mode::Sample } else { Mode::Auto },
            profile: profile(name).map(str::to_owned),
            urls_only: old.urlsonly,
        },
        event: old.event,
        dry_run: false,
        to: None,
        comment: None,
        mta,
        format: ReceiptFormat::Text,
    };
    let global = Global {
        config: std::env::var_os("MISPIGEON_CONFIG")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from),
        verbose: 0,
        quiet: false,
    };
    Ok(Cli {
        global,
        command: Command::Send(send),
    })
}

/// The profile in a link's name.
fn profile(name: &str) -> Option<&str> {
    let rest = name.strip_prefix(NAME)?.trim_start_matches(['_', '-']);
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_the_profile() {
        let called = |name: &str| called_as(&[name.into()]);
        for (path, name, of) in [
            ("/usr/local/bin/mail_to_misp.py", "mail_to_misp", None),
            ("mail_to_misp", "mail_to_misp", None),
            ("./mail_to_misp_forward.py", "mail_to_misp_forward", Some("forward")),
            ("mail_to_misp-trap", "mail_to_misp-trap", Some("trap")),
        ] {
            assert_eq!(called(path).as_deref(), Some(name), "{path}");
            assert_eq!(profile(name), of, "{path}");
        }
        for other in ["mispigeon", "mail_to_mispigeon", "/mail_to_misp/mispigeon", ""] {
            assert_eq!(called(other), None, "{other}");
        }
    }
}
