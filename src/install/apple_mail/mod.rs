//! The action of a rule in Apple Mail: a script in the folder where Mail looks for scripts of rules.
//!
//! The script is plain text. Mail compiles it itself, and a person or `uninstall` can see what it is. It does only what
//! needs Apple's language; for each mail a shell runs [`command`]. Nothing of a mail or of the configuration becomes
//! part of a command: everything is an argument.

use super::{InstallError, Plan, Platform, Scope, Signed, Step, System, advice};

/// Where Mail looks for scripts, below the user's home.
const FOLDER: [&str; 3] = ["Library", "Application Scripts", "com.apple.mail"];

impl Plan {
    /// Plans for a user's Apple Mail. The rule sends mails with `profile`.
    pub fn apple_mail(platform: &Platform, profile: Option<&str>) -> Result<Self, InstallError> {
        let name = script_name(profile)?;
        let folder = System::MacOs.below(&platform.home, &FOLDER);
        let path = System::MacOs.below(&folder, &[&format!("{name}.applescript")]);
        let text = script(&platform.binary.to_string_lossy(), profile.unwrap_or_default());
        Ok(Self {
            scope: Scope::User,
            after_install: advice::apple_mail_rule(&name),
            after_uninstall: advice::after_apple_mail(&name),
            warnings: advice::warnings_of_program(platform, Scope::User),
            steps: vec![Step::File {
                path,
                text: Signed::new("--", &text),
                owner: None,
            }],
        })
    }
}

/// What `/bin/sh -c` runs for each mail. The arguments, from `$1`: the program, the profile or an empty string, the
/// file with the mail, the mail's subject.
pub fn command() -> String {
    let lines = include_str!("rule.sh").lines().filter(|line| !line.starts_with('#'));
    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
}

fn script(program: &str, profile: &str) -> String {
    format!(
        include_str!("rule.applescript"),
        command = literal(&command()),
        program = literal(program),
        profile = literal(profile),
    )
}

/// A text as a string literal of AppleScript.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', r"\n").replace('\r', r"\r"))
}

/// The name of the script in the rule's menu.
fn script_name(profile: Option<&str>) -> Result<String, InstallError> {
    let Some(profile) = profile else {
        return Ok("MISPigeon".to_owned());
    };
    // An empty name would mean no profile. Older parts of macOS take a colon for a slash.
    if profile.is_empty() || profile.contains(|c: char| c.is_control() || matches!(c, '/' | ':')) {
        return Err(InstallError::ProfileName {
            profile: profile.to_owned(),
            place: "the name of a script",
        });
    }
    Ok(format!("MISPigeon {profile}"))
}

#[cfg(test)]
mod tests;
