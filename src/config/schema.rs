//! Every setting, declared once. A row has the field of a section's struct, the key, the default, what is allowed, and
//! the text for the sample, `docs/settings.md` and messages. To add a setting, add a row and use the field.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use uuid::Uuid;

use super::address::Address;
use super::error::ConfigError;
use super::kind::{EventDate, Participants};
use super::patterns::Patterns;
use super::rule::Rule;
use super::setting::Part::{
    Event as InEvent, Hosts as InHosts, Lists as InLists, Mail as InMail, Own as InOwn, Server as InServer,
};
use super::setting::{self, Setting, key, sections};
use super::value::Layer;
use crate::domain::{ForwardWords, HostList, Mode, Rewriter, Secret, Sha256, Target, TlpLevel};

mod presets;

use presets::{ANALYSIS, EXCLUDED, KNOWN, SHARED};

/// In the order of the sample.
pub(super) fn settings() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter()
}

pub(super) fn find(key: &str) -> Option<&'static Setting> {
    settings().find(|setting| setting.key == key)
}

/// The program's own folders and files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// The data folder. It may not exist yet.
    pub data: PathBuf,
    pub state_db: PathBuf,
    pub feed: PathBuf,
}

sections! {
    /// Keys outside of sections.
    top: Top {
        /// Where events go. Not set: to the server when `misp.url` is set, else to the feed folder. Set it to `feed` to
        /// write a feed although a server is known.
        pub destination: Option<Target>, example("\"feed\""), by_form();
        /// Folder of the state database and of the feed. Not set: the platform's data folder. Set it for a service
        /// account without a home folder. `MISPIGEON_DATA_DIR` in the environment overrides it.
        pub data_dir: Option<PathBuf>, example("\"/var/lib/mispigeon\""), variable("MISPIGEON_DATA_DIR");
        /// What holds for some mails only: tables `[[rules]]` with conditions and what follows; see `docs/rules.md`.
        pub rules: Vec<Rule>;
    }

    /// The MISP server. Without a url, events go to the feed folder.
    misp: Misp {
        /// Address of the server, as in the browser; one of its pages will do. `MISPIGEON_MISP_URL` in the environment overrides it.
        pub url: Option<Address>,
            example("\"https://misp.example.org\""), variable("MISPIGEON_MISP_URL"), import("misp_url"), on_page(InServer);
        /// The API key itself (Administration, Auth keys). Nobody else may be able to read a file that holds one. Set
        /// at most one of `key`, `key_file`, `key_command` and `key_env`. `MISPIGEON_MISP_KEY` in the environment
        /// overrides all of them.
        pub(super) key: Option<Secret>,
            example("\"0123456789012345678901234567890123456789\""), variable("MISPIGEON_MISP_KEY"),
            import("misp_key"), on_page(InServer);
        /// A file that holds nothing but the key. For configurations that are shared or under version control.
        pub(super) key_file: Option<PathBuf>, example("\"~/.config/mispigeon/key\"");
        /// A program and its arguments (no shell) that prints the key within 30 seconds. For password managers.
        pub(super) key_command: Option<Vec<String>>, example("[\"pass\", \"show\", \"misp\"]");
        /// The environment variable that holds the key. For containers and services.
        pub(super) key_env: Option<String>, example("\"MISP_KEY\"");
        /// Verify the server's certificate. When this is off, anybody between you and the server can read the API key.
        /// For a private authority set `ca_file` instead.
        pub verify: bool = true, shown_on(InServer);
        /// Certificates (PEM) of your own authority, trusted besides those of the system; or the server's own, if it
        /// signs itself, as MISP's installer makes it.
        pub ca_file: Option<PathBuf>, example("\"/etc/ssl/our-ca.pem\""), shown_on(InServer);
        /// SHA-256 fingerprint of the server's certificate, as `openssl x509 -noout -fingerprint -sha256` prints it. No other
        /// certificate is trusted then, and this one whoever signed it, whatever its name and time.
        pub pin: Option<Sha256>, example("\"5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A\"");
        /// Client certificate (PEM), when the server asks for one.
        pub client_cert: Option<PathBuf>, example("\"/etc/mispigeon/client.pem\""), shown_on(InServer);
        /// Private key (PEM) of `client_cert`. Not set: it is in the same file.
        pub client_key: Option<PathBuf>, example("\"/etc/mispigeon/client.key\""), shown_on(InServer);
        /// Seconds for a request, until its whole answer is there. Raise it for a slow server: large events take a second per 700
        /// attributes.
        pub timeout: Duration = 60, within(1, 3600), on_page(InServer);
        /// Let MISP's own free-text import read the text of a new event's mail as well. It finds fewer indicators,
        /// invents more, and costs a request for each event. For people who are used to it.
        pub freetext: bool = false, import("freetext"), by_form();
    }

    /// A folder in MISP's feed format, which any MISP can pull.
    feed: Feed {
        /// Folder of the feed. Not set: `feed` in the data folder. Set it to a folder that a web server serves, and to which not
        /// everybody may write.
        pub dir: Option<PathBuf>, example("\"/srv/www/feed\"");
        /// Name of the organisation that the feed's events belong to. Set it to yours before you share the feed.
        pub org: String = "MISPigeon", by_form();
        /// Uuid of that organisation. Not set: one is made once and kept in the feed folder. Set it to the uuid that
        /// the organisation has on your MISP.
        pub org_uuid: Option<Uuid>, example("\"0e8b7f6a-3a0c-4d0e-9a2e-2f4f1f0a9c11\""), by_form();
        /// Write what is tlp:red into a folder that `feed.dir` names. Others may pull such a folder, so without this such an
        /// event stays in the outbox unless a person sends it there with `--to feed` or chooses another distribution in the review.
        pub red: bool = false;
    }

    /// MISP's lists of values that are hardly ever malicious.
    warninglists: Warninglists {
        /// Let the server drop attributes that are on one of its enabled lists. The receipt names what was dropped. In
        /// objects, which record what the mail has, such values only lose the IDS flag. URLs with a path are exempt: a list
        /// of hosts says nothing about a single page. So are hosts of `hosts.own` and `hosts.no_ids`, without IDS flag.
        pub enforce: bool = true, import("enforcewarninglist"), on_page(InLists);
        /// Ask the server before the event is made (one more request), so that review and comments show the lists'
        /// names.
        pub look_up: bool = false, on_page(InLists);
        /// Leave out what `look_up` found on a list. When false it is sent, with the list's name in the comment and no
        /// IDS flag.
        pub skip: bool = false, import("skip_item_on_warninglist"), on_page(InLists);
    }

    /// Sightings of the attributes, sent with the event.
    sightings: Sightings {
        /// Add a sighting to each attribute.
        pub enabled: bool = false, import("sighting"), on_page(InLists);
        /// Source of the sightings. Set it to the name of the sensor, for example of your spamtrap.
        pub source: String = "mispigeon", import("sighting_source"), on_page(InLists);
    }

    /// Look-ups of the hosts found. They tell the attacker's name server that someone is looking.
    dns: Dns {
        /// Resolve hosts and add the answers as domain-ip objects, and verify DKIM signatures with the keys of their domains,
        /// in a review as well. It tells those who run these domains that somebody looks.
        pub enabled: bool = false, import("enable_dns"), by_form();
        /// Addresses of the name servers to ask, with or without port. Empty: those of the system. Set it to a resolver
        /// that does not lead back to you.
        pub name_servers: Vec<SocketAddr>, import("nameservers");
        /// Seconds for all look-ups of one mail together.
        pub timeout: Duration = 3, within(1, 60), by_form();
    }

    /// `mispigeon listen`: LMTP for mail servers, SMTP as a spamtrap. Read from the top level when it starts, as `data_dir` and
    /// `mail.max_size` are; a change of the other settings takes effect without a restart.
    listen: Listen {
        /// Addresses for mails by LMTP from a mail server: `127.0.0.1:24`, `[::1]:24`, `unix:/run/mispigeon/lmtp`.
        pub lmtp: Vec<String>;
        /// Addresses for mails by SMTP, with STARTTLS, as a spamtrap: `0.0.0.0:25`.
        pub smtp: Vec<String>;
        /// Addresses for mails by SMTP with TLS from the first byte: `0.0.0.0:465`.
        pub smtps: Vec<String>;
        /// The host name in the greeting. Not set: that of the machine.
        pub name: Option<String>, example("\"mx.example.org\"");
        /// Certificate (PEM) for TLS. Not set: a self-signed one is made in the data folder.
        pub cert: Option<PathBuf>, example("\"/etc/mispigeon/listen.pem\"");
        /// Private key (PEM) of `cert`. Not set: it is in the same file.
        pub key: Option<PathBuf>, example("\"/etc/mispigeon/listen.key\"");
        /// The recipients of each profile: addresses, and domains with all names below. The longest match wins. Mails
        /// to others are handled by the top level.
        pub profiles: Vec<(String, Vec<String>)>, example("\"spamtrap\" = [\"trap@example.org\", \"example.com\"]");
        /// Refuse recipients that are not in `profiles`.
        pub only_known: bool = false;
        /// Most recipients of one mail.
        pub max_recipients: usize = 100, within(1, 10_000);
        /// Most connections at a time. When all are taken, one that has been silent for 10 seconds gives way.
        pub max_connections: usize = 200, within(1, 10_000);
        /// Most connections of one address (of IPv6 one /64).
        pub max_connections_per_peer: usize = 50, within(1, 10_000);
        /// Bytes of memory that all mails may take while they are received and stored, half of it for those of one address. What is
        /// more is put off (452). At least two mails of `mail.max_size` fit, whatever it says.
        pub max_memory: usize = 512 << 20, within(1 << 20, 64 << 30);
        /// A mail of more bytes takes disk instead of memory while it is received: it is in a file without a name in the data folder.
        pub spool_above: usize = 1 << 20, within(0, 4 << 30);
        /// Bytes of disk that all mails may take while they are received, half of it for those of one address. What is more is put off
        /// (452). At least two mails of `mail.max_size` fit.
        pub max_spool: usize = 2 << 30, within(1 << 20, 1 << 40);
        /// Seconds to wait for a command. A message gets twice the time.
        pub timeout: Duration = 300, within(1, 3600);
    }

    /// How a mail is read.
    mail: MailSettings {
        /// What a mail is: `report` (people write about threats), `sample` (the mail is the threat), `carrier` (only
        /// its attached mails count). `auto` decides by the mail itself, and the receipt says why; what shows nothing is a
        /// report. Set it to `sample` for a spamtrap, or use a profile.
        pub mode: Mode = "auto", on_page(InMail);
        /// Most bytes of a mail. A larger mail is refused, not cut.
        pub max_size: usize = 256 << 20, within(1024, 4 << 30), by_form();
        /// Most bytes of memory of the process that delivers a mail whose delivery ended another one (Linux). The largest mails take half
        /// of the default.
        pub memory_alone: usize = 1 << 30, within(256 << 20, 1 << 40);
        /// Seconds that such a process may take. After that it counts as ended by the mail.
        pub time_alone: Duration = 900, within(10, 1000);
        /// How many levels of mails inside mails are opened. A deeper mail is an attachment.
        pub depth: usize = 10, within(0, 50), by_form();
        /// Most mails inside a mail that are opened, those inside them included. Further ones are attachments, or stay in the text;
        /// the receipt says how many.
        pub mails: usize = 1000, within(0, 100_000);
        /// Most attached files of a mail, those of mails inside included. Further ones are left out; the receipt says how many.
        pub files: usize = 1000, within(1, 100_000);
        /// Most MIME parts of a mail. What follows belongs to the last one; the receipt says how many parts that are.
        pub parts: usize = 10_000, within(1, 1_000_000);
        /// Most fields of a header. Of further ones only those that make a mail are read; the receipt says how many are left out.
        pub header_fields: usize = 10_000, within(10, 1_000_000);
        /// Most bytes of a header. Fields beyond are treated in the same way.
        pub header_size: usize = 1_048_576, within(1024, 268_435_456);
        /// Lines after which a forwarded mail begins, besides those of the usual mail programs and languages.
        pub forward_markers: Vec<String>, import("forward_identifiers"), by_form();
        /// Further words of mail programs that forward a mail, in any case. A name is that of a header field, `forward`
        /// or `reply` (beginnings of subjects), `forwarded` or `original` (lines between dashes), `begin` (lines with a
        /// colon), or `wrote` (who wrote what follows, and when).
        pub forward_words: ForwardWords, example("\"From\" = [\"Oddiwrth\"]");
    }

    /// The Traffic Light Protocol. The most restrictive marking found anywhere in the mail wins.
    tlp: Tlp {
        /// The tag when the mail carries no marking. A text that only explains the protocol is no marking.
        pub default: TlpLevel = "tlp:amber", import("tlptag_default"), on_page(InEvent);
        /// Who gets an event with that marking, instead of `event.distribution`: 0 your organisation, 1 this community, 2
        /// connected communities, 3 all, 4 the sharing group. MISP warns of an event whose marking and distribution do not
        /// fit each other. What is tlp:red stays in your organisation; only a choice in the review changes that.
        pub distribution: Vec<(TlpLevel, u8)>, example("\"tlp:green\" = 1");
        /// Words that mark a mail, besides the usual spellings of TLP.
        pub spellings: Vec<(TlpLevel, String)>, example("\"tlp:red\" = [\"strictly confidential\"]"), import("tlptags");
    }

    /// The event as a whole.
    event: EventSettings {
        /// Events are called PREFIX - SUBJECT. Empty: the subject alone.
        pub prefix: String = "M2M", import("email_subject_prefix"), on_page(InEvent);
        /// Who gets the event: 0 your organisation, 1 this community, 2 connected communities, 3 all, 4 a sharing
        /// group.
        pub distribution: u8 = 0, within(0, 4), import("default_distribution"), on_page(InEvent);
        /// Number of the sharing group. Needed with distribution 4, and used with it only.
        pub sharing_group: Option<u32>, example("1"), within(1, 4_294_967_295), on_page(InEvent);
        /// 1 high, 2 medium, 3 low, 4 undefined.
        pub threat_level: u8 = 4, within(1, 4), import("default_threat_level"), on_page(InEvent);
        /// 0 initial, 1 ongoing, 2 completed.
        pub analysis: u8 = 0, within(0, 2), import("default_analysis"), on_page(InEvent);
        /// The event's date: that of the mail's Date header when it is plausible, or always the day of sending.
        pub date: EventDate = "mail", on_page(InEvent);
        /// Tags of every event, for example the name of the sensor.
        pub tags: Vec<String>, import("id_tag"), on_page(InEvent);
        /// Publish events at once. Leave it off where people look at an event first. What is tlp:red is never published.
        pub publish: bool = false, on_page(InEvent);
        /// Add the mail's text, defanged, as an event report.
        pub report: bool = true, on_page(InEvent);
        /// Add a `phishing` object for each page that a sample wants its reader to open, if its URL has the IDS flag.
        pub phishing: bool = false, by_form();
        /// Attach the whole mail. It contains the recipients and all attachments.
        pub attach_original: bool = false, import("attach_original_mail"), on_page(InEvent);
        /// Most bytes of an event. Objects and indicators for which it has no room are left out; the receipt says how many, and
        /// names the files.
        pub max_size: usize = 268_435_456, within(1_048_576, 4_294_967_296);
    }

    /// Tags besides the TLP one. The lists are rules (`docs/rules.md`), from before there were any.
    tags: Tags {
        /// Tags when a hash was found, for example to start a look-up.
        pub with_hashes: Vec<String>, import("hash_only_tags"), by_form();
        /// Tag the event of a sample with what servers of `hosts.own` found out about its sender, such as
        /// `authentication:dmarc="fail"`.
        pub authentication: bool = true, by_form();
        /// Word in the subject (any case) to tags.
        pub by_subject: Vec<(String, Vec<String>)>,
            example("\"locky\" = ['misp-galaxy:ransomware=\"Locky\"']"), import("malwaretags"), on_page(InEvent);
        /// Tag to further tags that come with it.
        pub implied: Vec<(String, Vec<String>)>, example("\"tlp:clear\" = [\"circl:osint-feed\"]"), import("dependingtags");
    }

    /// Lists of hosts. An entry is a name (it covers all names below), `=name` (that name alone), `!name` (takes a name
    /// and those below out again), an address or a block of addresses (10.0.0.0/8).
    hosts: Hosts {
        /// Never sent. The receipt says so. The last four are from footers that virus scanners add to outgoing mail.
        /// Keep the list short: an entry such as google.com also hides phishing on docs.google.com.
        pub exclude: HostList = EXCLUDED, import("excludelist"), on_page(InHosts);
        /// URLs there become links, category External analysis; the hosts themselves are left out.
        pub external: HostList = ANALYSIS, import("externallist"), on_page(InHosts);
        /// URLs there become links, category Internal reference; the hosts themselves are left out. For your wiki and
        /// tickets.
        pub internal: HostList, import("internallist"), on_page(InHosts);
        /// Sent without the IDS flag: hosts that malware contacts and everybody else too.
        pub no_ids: HostList = KNOWN, import("noidsflaglist"), on_page(InHosts);
        /// Hosts on which anybody can publish: their URLs keep the IDS flag, the host alone does not get it.
        pub shared: HostList = SHARED, by_form();
        /// Your own mail servers, domains and networks. Their names and addresses never get the IDS flag.
        pub own: HostList, on_page(InOwn);
        /// Hosts of the mail domains of a report's sender and recipients, unless they are defanged. `skip` leaves them
        /// and the addresses out, as they come from signatures; `no_ids` sends them without the IDS flag; `add` treats
        /// them as any other. `skip` applies only if the mail clearly is a report. If it may be a phish, the sender's
        /// host is sent.
        pub participants: Participants = "skip", on_page(InMail);
    }

    /// One's own people, who are no business of those who get the event.
    privacy: Privacy {
        /// Take your own people and hosts out of all that is made of a mail: everybody with an address below `hosts.own`,
        /// and `people`. In their place stands `[recipient]`; a URL ends before it. Takes effect when one of the two names
        /// somebody.
        pub enabled: bool = true, on_page(InOwn);
        /// Addresses and names of your people besides those below `hosts.own`: "ana@example.com", "Ana Pereira".
        pub people: Vec<String>, on_page(InOwn);
    }

    /// What to leave out of the text and of the subject.
    text: TextSettings {
        /// Lines that begin with one of these are not searched, for example "Registrar:" of a whois answer.
        pub ignore_lines: Vec<String>, import("ignorelist"), on_page(InMail);
        /// The text ends at the first line that contains this.
        pub stop_word: Option<String>, example("\"Whois & IP Information\""), import("stopword"), on_page(InMail);
        /// Most indicators of a mail and of everything in it; a value counts once more for each 128 bytes of it. Further ones are
        /// left out; the receipt says how many finds that are.
        pub max_indicators: usize = 100_000, within(1, 10_000_000);
        /// Link rewriters of your own, whose links are replaced by what is inside: host, path, place and coding, as in
        /// "links.corp.example /go query:to percent". Places and codings: `data/README.md` of the source.
        pub rewriters: Vec<Rewriter>, by_form();
        /// Regular expressions; what they match is cut from the subject.
        pub subject_remove: Patterns = &[
            r"(?i)^\s*(?:(?:re|fwd?|aw|wg|tr|rv|i|doorst|antw)\s*:\s*)+",
            r"(?i)\[(?:external|extern|ext|spam|suspected spam)\]",
        ], import("removelist"), by_form();
    }

    /// How to treat attached files.
    attachments: Attachments {
        /// Text files (txt, csv, ics, json, …) are plain attachments, not malware samples, unless a cell of a table
        /// calls a program.
        pub benign_text: bool = true, on_page(InMail);
        /// Send images that the text shows as well. Most are logos, but some are lures with QR codes.
        pub inline_images: bool = false, on_page(InMail);
        /// Files inside attached files (of an archive, a mail, a document) are files of the event as well.
        pub inside: bool = true, on_page(InMail);
        /// Leave out attachments without content.
        pub skip_empty: bool = true, import("ignore_nullsize_attachments"), on_page(InMail);
    }

    /// How far to look into attached files: archives, documents, pages, pictures.
    contents: ContentsSettings {
        /// Read what is inside attached files. Nothing in them is run or fetched.
        pub enabled: bool = true, on_page(InMail);
        /// Read codes (QR and the like) in pictures.
        pub codes: bool = true, on_page(InMail);
        /// Passwords to try on locked files, besides those that the mail names and those that are often used.
        pub passwords: Vec<String>, by_form();
        /// Files inside files inside files: how deep.
        pub depth: usize = 8, within(1, 32);
        /// Most files that come out of the attachments of a mail.
        pub files: usize = 1000, within(1, 100_000);
        /// Most bytes that come out of the attachments of a mail.
        pub max_size: usize = 67_108_864, within(1_048_576, 4_294_967_296);
        /// Most bytes that come out of a file for each byte of its own, beyond the first megabyte.
        pub ratio: usize = 250, within(1, 100_000);
        /// Seconds to look into the attachments of a mail.
        pub timeout: Duration = 20, within(1, 3600);
    }

    /// Lines `m2m:key:value` in the text that steer the event. They are removed before anything is stored.
    directives: DirectiveSettings {
        /// The word before the first colon. Empty: no line is a directive.
        pub prefix: String = "m2m", import("body_config_prefix"), by_form();
        /// The key in `m2m:m2mkey:…`, without which `publish`, `distribution`, `threat_level` and `analysis` have no
        /// effect. Not set: they never have one.
        pub key: Option<Secret>, example("\"a long secret of your own\""), import("m2m_key");
        /// The word in `m2m:attachment:benign`, which says that attachments are no samples. It needs no key.
        pub benign_keyword: String = "benign", import("m2m_benign_attachment_keyword"), by_form();
    }
}
