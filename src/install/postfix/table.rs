//! The lines of the tables: the command of an alias, the transport of a recipient, and which characters they may have.

use super::Recipient;
use crate::install::{InstallError, Owner};
use crate::listen::Address;

/// For people: where a path or a profile is written.
const COMMAND: &str = "a command of Postfix";

pub(super) fn aliases(
    program: &str,
    user: &Owner,
    config: &str,
    data: &str,
    recipients: &[Recipient],
) -> Result<String, InstallError> {
    for path in [config, data] {
        plain(path, COMMAND).map_err(|place| InstallError::PlainPath {
            path: path.into(),
            place,
        })?;
    }
    let mut lines = vec![format!(
        "# Each mail is given to a process of the user {}, as this file belongs to them.",
        user.name
    )];
    for recipient in recipients {
        let name = local_part(&recipient.address)?;
        let profile = recipient.profile.as_deref().map(profile_option).transpose()?;
        let profile = profile.unwrap_or_default();
        let command =
            format!("/usr/bin/env MISPIGEON_DATA_DIR={data} {program} --config {config} send --mta{profile} -");
        lines.push(format!("{name}    \"|{command}\""));
    }
    Ok(lines.join("\n") + "\n")
}

pub(super) fn transport(at: &Address, recipients: &[Recipient]) -> Result<String, InstallError> {
    let place = match at {
        Address::Tcp(place) => format!("inet:{place}"),
        Address::Unix(_) => at.to_string(),
    };
    let mut lines = Vec::new();
    for recipient in recipients {
        if recipient.profile.is_some() {
            return Err(InstallError::MailAddress {
                address: recipient.address.clone(),
                reason: "with LMTP its profile is chosen by listen.profiles in the configuration; name no profile here",
            });
        }
        let keys = transport_keys(&recipient.address)?;
        lines.extend(keys.iter().map(|key| format!("{key}    lmtp:{place}\n")));
    }
    Ok(lines.concat())
}

fn profile_option(profile: &str) -> Result<String, InstallError> {
    plain(profile, COMMAND).map_err(|place| InstallError::ProfileName {
        profile: profile.to_owned(),
        place,
    })?;
    Ok(format!(" --profile={profile}"))
}

/// Accepts only characters that need no quoting in a table or a command. The error is `place`.
pub(in crate::install) fn plain<'a>(text: &str, place: &'a str) -> Result<(), &'a str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-' | '+' | '@');
    let fits = !text.is_empty() && text.chars().all(is_plain);
    if fits { Ok(()) } else { Err(place) }
}

/// The local name of an alias.
fn local_part(address: &str) -> Result<&str, InstallError> {
    let fits = plain(address, "").is_ok() && !address.contains(['@', '/']) && !address.starts_with('-');
    fits.then_some(address).ok_or_else(|| InstallError::MailAddress {
        address: address.to_owned(),
        reason: "a pipe is for addresses of this machine: write the part before the @, or use --lmtp",
    })
}

/// The keys that Postfix looks up in a transport table. For a domain also the key in a table of recipients.
fn transport_keys(address: &str) -> Result<Vec<String>, InstallError> {
    let address = address.to_ascii_lowercase();
    let fits = plain(&address, "").is_ok() && !address.contains('/');
    let keys = match address.split_once('@') {
        Some((local, domain)) if !local.is_empty() && domain.contains('.') && !domain.contains('@') => {
            Some(vec![address.clone()])
        }
        None if address.contains('.') => Some(vec![address.clone(), format!("@{address}")]),
        _ => None,
    };
    keys.filter(|_| fits).ok_or_else(|| InstallError::MailAddress {
        address: address.clone(),
        reason: "LMTP is for whole addresses and for domains: write name@example.org or example.org",
    })
}
