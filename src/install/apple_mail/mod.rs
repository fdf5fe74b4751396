//! The action of a rule in Apple Mail: a script in the folder that Mail takes its rules' scripts from.
//!
//! The script is plain text, not compiled: Mail compiles it itself, and a person, and `uninstall`, can see what it is. It
//! does as little as can be done in Apple's language only. What a shell does for each mail is [`command`], and nothing of a mail
//! or of the configuration ever becomes part of a command: all of it comes as arguments.

use super::{InstallError, Plan, Platform, Scope, Signed, Step, System, advice};

/// Where Mail looks, below a user's home.
const FOLDER: [&str; 3] = ["Library", "Application Scripts", "com.apple.mail"];

impl Plan {
    /// Plans for a user's Apple Mail; mails are sent with a profile of the configuration, or with none.
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

/// What `/bin/sh -c` runs for each mail. Its arguments, from `$1`: the program, the profile or nothing, the file with the
/// mail, the mail's subject.
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

/// A text as a script of Apple's writes it.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', r"\n").replace('\r', r"\r"))
}

/// How the rule's menu names the script.
fn script_name(profile: Option<&str>) -> Result<String, InstallError> {
    let Some(profile) = profile else {
        return Ok("MISPigeon".to_owned());
    };
    // A profile without a name would be taken for none, and a colon is what older parts of macOS take for a slash.
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
