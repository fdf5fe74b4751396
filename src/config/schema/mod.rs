//! The schema: every key that a configuration may hold, with its shape, default and meaning. The reader, the sample
//! and `config show` are all driven by this one table.

mod content;
mod presets;
mod server;

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// Any text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `http://` or `https://` with a host.
    Url,
    /// Eight-four-four-four-twelve.
    Uuid,
    /// A file or folder; `~/` at the beginning is the home folder.
    Path,
    /// Text that is never shown; a file that holds one must be private.
    Secret,
    /// A TLP tag.
    Tlp,
    /// A list of texts.
    Words,
    /// A list of IP addresses, each with or without a port.
    Servers,
    /// A list of hosts, see [`super::HostList`].
    Hosts,
    /// A list of regular expressions.
    Patterns,
    /// A table from any name to a list of texts.
    Map,
    /// As `Map`, the names being TLP tags.
    TlpMap,
}

/// A default, in a form that needs no parsing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Preset {
    /// Not set; the text is an example in TOML for the sample.
    Unset(&'static str),
    Flag(bool),
    Number(i64),
    Text(&'static str),
    Words(&'static [&'static str]),
    /// No entries; the text is an example entry in TOML for the sample.
    EmptyMap(&'static str),
}

/// One key.
#[derive(Debug)]
pub(super) struct Setting {
    /// Dotted path, `event.prefix`.
    pub key: &'static str,
    /// What its value may be.
    pub shape: Shape,
    /// Its value where none is given.
    pub preset: Preset,
    /// What it does, and why one would change it. Lines as they stand in the sample.
    pub says: &'static str,
}

const fn set(key: &'static str, shape: Shape, preset: Preset, says: &'static str) -> Setting {
    Setting {
        key,
        shape,
        preset,
        says,
    }
}

/// All settings, in the order of the sample.
pub(super) fn settings() -> impl Iterator<Item = &'static Setting> {
    server::SETTINGS.iter().chain(content::SETTINGS)
}

/// The setting of that key.
pub(super) fn find(key: &str) -> Option<&'static Setting> {
    settings().find(|setting| setting.key == key)
}

/// Section (the empty one for keys at the top) and name of a key.
pub(super) fn split(key: &'static str) -> (&'static str, &'static str) {
    key.split_once('.').unwrap_or(("", key))
}

/// What a section is about, for the sample.
pub(super) fn section_says(section: &str) -> &'static str {
    match section {
        "misp" => "The MISP server. Without a url, events go to the feed folder.",
        "feed" => "A folder in MISP's feed format, which any MISP can pull.",
        "dns" => "Look-ups of the hosts found. They tell the attacker's name server that someone is looking.",
        "virustotal" => "Reports of VirusTotal on the samples.",
        "warninglists" => "MISP's lists of values that are hardly ever malicious.",
        "sightings" => "Sightings of the attributes, sent with the event.",
        "listen" => "`mispigeon listen`: LMTP for mail servers, SMTP as a spamtrap. Read once, from the top level.",
        "mail" => "How a mail is read.",
        "event" => "The event as a whole.",
        "tlp" => "The Traffic Light Protocol. The most restrictive marking found anywhere in the mail wins.",
        "tags" => "Tags besides the TLP one.",
        "hosts" => {
            "Lists of hosts. An entry is a name (it covers all names below), `=name` (that name alone), `!name` (takes a\n\
             name and those below out again), an address or a block of addresses (10.0.0.0/8)."
        }
        "text" => "What to leave out of the text and of the subject.",
        "attachments" => "What becomes of attached files.",
        "directives" => {
            "Lines `m2m:key:value` in the text that steer the event. They are removed before anything is stored."
        }
        _ => "",
    }
}
