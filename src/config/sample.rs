//! The configuration as text: the sample, which is the manual, and the settings in force.

use std::fmt::Write;

use super::schema::{self, Settings};
use super::setting::Setting;
use super::value::{Origin, Value};

/// A sample with the meaning and default of every key. All lines are comments: prose begins with `# `, settings with
/// `#` alone.
pub fn render_sample() -> String {
    let mut text = String::from(
        "# Configuration of MISPigeon. Every key is here with its default; remove the # in front of one to change it.\n\
         # A profile is a table over the same keys, for example [profile.spamtrap.mail] with mode = \"sample\"; it is\n\
         # chosen with --profile NAME and laid over the rest.\n",
    );
    let mut section = "";
    for setting in schema::settings() {
        let (of, name) = setting.split();
        if of != section {
            section = of;
            text.push_str("\n\n");
            prose(&mut text, &schema::section_says(section));
            let _ = writeln!(text, "[{section}]");
        }
        text.push('\n');
        prose(&mut text, &setting.says);
        let (heading, value) = shown(setting);
        let _ = writeln!(text, "# Allowed: {}.\n# {heading}", setting.allowed());
        for line in format!("{name} = {value}").lines() {
            let _ = writeln!(text, "#{line}");
        }
    }
    text
}

/// The default, or if there is none an example.
fn shown(setting: &Setting) -> (&'static str, String) {
    match &setting.preset {
        None => ("Not set by default; for example:", setting.example.to_owned()),
        Some(Value::Map(_)) => ("Empty by default; for example:", format!("{{ {} }}", setting.example)),
        Some(Value::Words(words)) if words.iter().map(String::len).sum::<usize>() > 80 => {
            let lines = words
                .iter()
                .map(|word| format!("{},\n", Value::from(word.as_str()).shown()));
            ("Default:", format!("[\n{}]", lines.collect::<String>()))
        }
        Some(value) => ("Default:", value.shown()),
    }
}

fn prose(text: &mut String, says: &str) {
    for line in says.lines() {
        let _ = writeln!(text, "# {line}");
    }
}

/// The settings in force, as TOML. A value that is not the default has its origin beside it. Secrets are `***`.
pub fn render_effective(settings: &Settings) -> String {
    let mut text = format!(
        "# data folder {}, feed folder {}\n",
        settings.paths.data.display(),
        settings.paths.feed.display()
    );
    let mut section = "";
    for setting in schema::settings() {
        let (of, name) = setting.split();
        if of != section {
            section = of;
            let _ = writeln!(text, "\n[{section}]");
        }
        let set = settings.set.get(setting.key);
        let Some(value) = set.map(|entry| &entry.value).or(setting.preset.as_ref()) else {
            let _ = writeln!(text, "# {name} is not set");
            continue;
        };
        let origin = match settings.origin(setting.key) {
            Origin::Default => String::new(),
            Origin::Line(line) => format!("  # line {line}"),
            Origin::Environment(variable) => format!("  # {variable}"),
        };
        let _ = writeln!(text, "{name} = {}{origin}", value.shown());
    }
    text
}
