//! The settings of where events go and whom to ask.

use super::Preset::{EmptyMap, Flag, Number, Text, Unset, Words};
use super::{Setting, Shape, set};

pub(super) const SETTINGS: &[Setting] = &[
    set(
        "destination",
        Shape::Choice(&["misp", "feed"]),
        Unset("\"feed\""),
        "Where events go: misp or feed. Not set: misp when misp.url is set, else feed. Set it to write a feed although a\n\
         server is known.",
    ),
    set(
        "data_dir",
        Shape::Path,
        Unset("\"/var/lib/mispigeon\""),
        "Folder of the state database and of the feed. Not set: the platform's data folder. Set it for a service account\n\
         without a home; MISPIGEON_DATA_DIR in the environment goes before it.",
    ),
    set(
        "misp.url",
        Shape::Url,
        Unset("\"https://misp.example.org\""),
        "Address of the server, as in the browser. MISPIGEON_MISP_URL goes before it.",
    ),
    set(
        "misp.key",
        Shape::Secret,
        Unset("\"0123456789012345678901234567890123456789\""),
        "The API key itself (Administration, Auth keys). Nobody else may read a file that holds one. At most one of key,\n\
         key_file, key_command and key_env; MISPIGEON_MISP_KEY goes before all of them.",
    ),
    set(
        "misp.key_file",
        Shape::Path,
        Unset("\"~/.config/mispigeon/key\""),
        "A file that holds nothing but the key. For configurations that are shared or under version control.",
    ),
    set(
        "misp.key_command",
        Shape::Words,
        Unset("[\"pass\", \"show\", \"misp\"]"),
        "A program and its arguments (no shell) that prints the key. For password managers.",
    ),
    set(
        "misp.key_env",
        Shape::Text,
        Unset("\"MISP_KEY\""),
        "The environment variable that holds the key. For containers and services.",
    ),
    set(
        "misp.verify",
        Shape::Flag,
        Flag(true),
        "Verify the server's certificate. Whoever sits in between reads the API key when this is off; for a private\n\
         authority set ca_file instead.",
    ),
    set(
        "misp.ca_file",
        Shape::Path,
        Unset("\"/etc/ssl/our-ca.pem\""),
        "Certificates (PEM) of your own authority, trusted besides those of the system.",
    ),
    set(
        "misp.client_cert",
        Shape::Path,
        Unset("\"/etc/mispigeon/client.pem\""),
        "Client certificate (PEM), where the server asks for one.",
    ),
    set(
        "misp.client_key",
        Shape::Path,
        Unset("\"/etc/mispigeon/client.key\""),
        "Private key (PEM) of client_cert. Not set: it is in the same file.",
    ),
    set(
        "misp.timeout",
        Shape::Number(1, 3600),
        Number(60),
        "Seconds to wait for an answer. Raise it for a slow server: large events take a second per 700 attributes.",
    ),
    set(
        "misp.freetext",
        Shape::Flag,
        Flag(false),
        "Let MISP's own free-text import read the text of a new event's mail as well. It finds less and invents more; for\n\
         those used to it. One more request for each event.",
    ),
    set(
        "feed.dir",
        Shape::Path,
        Unset("\"/srv/www/feed\""),
        "Folder of the feed. Not set: `feed` in the data folder. Set it to a folder that a web server serves.",
    ),
    set(
        "feed.org",
        Shape::Text,
        Text("MISPigeon"),
        "Name of the organisation that the feed's events belong to. Set it to yours before you share the feed.",
    ),
    set(
        "feed.org_uuid",
        Shape::Uuid,
        Unset("\"0e8b7f6a-3a0c-4d0e-9a2e-2f4f1f0a9c11\""),
        "Uuid of that organisation. Not set: made once and kept in the feed folder. Set it to the uuid that\n\
         it has on your MISP.",
    ),
    set(
        "warninglists.enforce",
        Shape::Flag,
        Flag(true),
        "Let the server drop attributes that are on one of its enabled lists; the receipt names what was dropped. Not asked\n\
         for URLs with a path: a list of hosts says nothing about one page.",
    ),
    set(
        "warninglists.look_up",
        Shape::Flag,
        Flag(false),
        "Ask the server before the event is made (one more request), so that preview and comments show the lists' names.",
    ),
    set(
        "warninglists.skip",
        Shape::Flag,
        Flag(false),
        "Leave out what look_up found on a list. When false it is sent, with the list's name in the comment and no IDS flag.",
    ),
    set(
        "sightings.enabled",
        Shape::Flag,
        Flag(false),
        "Add a sighting to each attribute.",
    ),
    set(
        "sightings.source",
        Shape::Text,
        Text("mispigeon"),
        "Source of the sightings. Set it to the name of the sensor, for example of your spamtrap.",
    ),
    set(
        "dns.enabled",
        Shape::Flag,
        Flag(false),
        "Resolve hosts and add the answers as domain-ip objects.",
    ),
    set(
        "dns.name_servers",
        Shape::Servers,
        Words(&[]),
        "Addresses of the name servers to ask, with or without port. None: those of the system. Set it to a resolver that\n\
         does not lead back to you.",
    ),
    set(
        "dns.timeout",
        Shape::Number(1, 60),
        Number(3),
        "Seconds for all look-ups of one mail together.",
    ),
    set(
        "virustotal.key",
        Shape::Secret,
        Unset("\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""),
        "API key of VirusTotal, so that a configuration can hold it already: this version does not ask VirusTotal yet.",
    ),
    set(
        "listen.lmtp",
        Shape::Words,
        Words(&[]),
        "Where `mispigeon listen` takes mails by LMTP, for a mail server: 127.0.0.1:24, [::1]:24, unix:/run/mispigeon/lmtp.",
    ),
    set(
        "listen.smtp",
        Shape::Words,
        Words(&[]),
        "Where it takes mails by SMTP, with STARTTLS, as a spamtrap: 0.0.0.0:25.",
    ),
    set(
        "listen.smtps",
        Shape::Words,
        Words(&[]),
        "Where it takes mails by SMTP with TLS from the first byte: 0.0.0.0:465.",
    ),
    set(
        "listen.name",
        Shape::Text,
        Unset("\"mx.example.org\""),
        "Name that it greets with. Not set: that of the machine.",
    ),
    set(
        "listen.cert",
        Shape::Path,
        Unset("\"/etc/mispigeon/listen.pem\""),
        "Certificate (PEM) for TLS. Not set: one that signs itself is made in the data folder.",
    ),
    set(
        "listen.key",
        Shape::Path,
        Unset("\"/etc/mispigeon/listen.key\""),
        "Private key (PEM) of cert. Not set: it is in the same file.",
    ),
    set(
        "listen.profiles",
        Shape::Map,
        EmptyMap("\"spamtrap\" = [\"trap@example.org\", \"example.com\"]"),
        "Profile to the recipients whose mails it is for: addresses, and domains with all below. The longest match wins;\n\
         others get the top level.",
    ),
    set(
        "listen.only_known",
        Shape::Flag,
        Flag(false),
        "Refuse recipients that profiles does not name.",
    ),
    set(
        "listen.max_recipients",
        Shape::Number(1, 10_000),
        Number(100),
        "Recipients of one mail.",
    ),
    set(
        "listen.max_connections",
        Shape::Number(1, 10_000),
        Number(200),
        "Connections at a time; each may hold a mail of mail.max_size in memory.",
    ),
    set(
        "listen.timeout",
        Shape::Number(1, 3600),
        Number(300),
        "Seconds for a command; twice that for a message.",
    ),
];
