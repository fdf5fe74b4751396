//! The configuration as text: the commented sample that is the manual, and what is in effect.

use std::fmt::Write;

use super::layer::{Origin, Value, describe, preset};
use super::schema::{self, Preset, Setting};
use super::settings::Settings;

/// A sample that names every key with its meaning and default, all of it commented out. Lines that begin with `# ` are
/// prose, lines that begin with `#` and no blank are settings.
pub fn render_sample() -> String {
    let mut text = String::from(
        "# Configuration of MISPigeon. Every key is here with its default; remove the # in front of one to change it.\n\
         # A profile is a table over the same keys, for example [profile.spamtrap.mail] with mode = \"sample\"; it is\n\
         # chosen with --profile NAME and laid over the rest.\n",
    );
    let mut section = "";
    for setting in schema::settings() {
        let (of, name) = schema::split(setting.key);
        if of != section {
            section = of;
            let _ = writeln!(text, "\n");
            prose(&mut text, schema::section_says(section));
            let _ = writeln!(text, "[{section}]");
        }
        text.push('\n');
        prose(&mut text, setting.says);
        let _ = writeln!(
            text,
            "# Allowed: {}.\n# {}",
            describe(setting.shape),
            default_line(setting)
        );
        match (preset(setting), setting.preset) {
            (None, Preset::Unset(example)) => {
                let _ = writeln!(text, "#{name} = {example}");
            }
            (_, Preset::EmptyMap(example)) => {
                let _ = writeln!(text, "#{name} = {{ {example} }}");
            }
            (Some(Value::Words(words)), _) if words.iter().map(String::len).sum::<usize>() > 80 => {
                let _ = writeln!(text, "#{name} = [");
                for word in words {
                    let _ = writeln!(text, "#{},", toml_text(&word));
                }
                text.push_str("#]\n");
            }
            (Some(value), _) => {
                let _ = writeln!(text, "#{name} = {}", toml_value(&value));
            }
            (None, _) => {}
        }
    }
    text
}

fn default_line(setting: &Setting) -> &'static str {
    match setting.preset {
        Preset::Unset(_) => "Not set by default; for example:",
        Preset::EmptyMap(_) => "Empty by default; for example:",
        _ => "Default:",
    }
}

fn prose(text: &mut String, says: &str) {
    for line in says.lines() {
        let _ = writeln!(text, "# {}", line.trim_start());
    }
}

/// What is in effect, as TOML; what is no default says where it comes from. Secrets are `***`.
pub fn render_effective(settings: &Settings) -> String {
    let mut text = format!(
        "# data folder {}, feed folder {}\n",
        settings.paths.data.display(),
        settings.paths.feed.display()
    );
    let mut section = "";
    for setting in schema::settings() {
        let (of, name) = schema::split(setting.key);
        if of != section {
            section = of;
            let _ = writeln!(text, "\n[{section}]");
        }
        let Some(entry) = settings.effective.get(setting.key) else {
            let _ = writeln!(text, "# {name} is not set");
            continue;
        };
        let value = toml_value(&entry.value);
        let origin = match entry.origin {
            Origin::Default => String::new(),
            Origin::Line(line) => format!("  # line {line}"),
            Origin::Environment(variable) => format!("  # {variable}"),
        };
        let _ = writeln!(text, "{name} = {value}{origin}");
    }
    text
}

/// A value on one line of TOML.
pub(super) fn toml_value(value: &Value) -> String {
    let list = |words: &[String]| {
        format!(
            "[{}]",
            words.iter().map(|word| toml_text(word)).collect::<Vec<_>>().join(", ")
        )
    };
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => toml_text(text),
        Value::Secret(_) => "\"***\"".into(),
        Value::Words(words) => list(words),
        Value::Map(map) if map.is_empty() => "{}".into(),
        Value::Map(map) => {
            let pairs = map
                .iter()
                .map(|(name, words)| format!("{} = {}", toml_text(name), list(words)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text as TOML: literal where it can be, as patterns and tags are full of quotes and backslashes.
pub(super) fn toml_text(text: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '\\' && c != '"';
    if text.chars().all(plain) {
        return format!("\"{text}\"");
    }
    if text.chars().all(|c| !c.is_control() && c != '\'') {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
