//! Articles of feeds that a feed reader made into mails, as Thunderbird does (measured with 153).

use crate::mail::Headers;

/// Fields of mails that came over a mail server. Whoever sends a mail cannot leave out what the servers write.
const TRAVELLED: [&str; 6] = [
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Return-Path",
    "Envelope-To",
];

/// How the host of a Message-ID ends that a feed reader makes of an article's identity.
const HOST: &str = "localhost.localdomain>";

impl Headers {
    /// The address on the web of the article that a feed reader made this mail of. `None` for mails that somebody sent: the
    /// field that holds it may stand there too, but is their sender's.
    pub fn article(&self) -> Option<&str> {
        let address = self.first("Content-Base")?.trim().trim_matches(['"', '<', '>']);
        let is_web = address.starts_with("http://") || address.starts_with("https://");
        let mut received = self.all("Received");
        let is_local = received
            .next()
            .is_some_and(|line| line.trim_start().starts_with("by localhost;"));
        let is_made = self.message_id().is_some_and(|id| id.ends_with(HOST));
        let has_travelled = received.next().is_some() || TRAVELLED.iter().any(|name| self.first(name).is_some());
        (is_web && is_local && is_made && !has_travelled).then_some(address)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::MailSettings;
    use crate::mail::parse;

    const ARTICLE: &str = "Received: by localhost; Sat, 28 Nov 2026 19:00:00 +0000\n\
        Message-Id: <https://blog.example.org/one@localhost.localdomain>\n\
        From: <Blog>\nSubject: one\nContent-Base: https://blog.example.org/one\n\ntext\n";

    fn article(raw: &str) -> Option<String> {
        let mail = parse(raw.as_bytes(), &MailSettings::default()).unwrap();
        mail.headers.article().map(str::to_owned)
    }

    #[test]
    fn an_article_of_a_feed_has_its_address() {
        assert_eq!(article(ARTICLE).as_deref(), Some("https://blog.example.org/one"));
    }

    #[test]
    fn no_mail_that_came_over_a_server_is_one() {
        for more in [
            "Received: from evil.example by mx.example.org; Sat, 28 Nov 2026 19:00:00 +0000\n",
            "To: team@example.org\n",
            "Delivered-To: team@example.org\n",
            "Return-Path: <a@evil.example>\n",
        ] {
            assert_eq!(article(&format!("{more}{ARTICLE}")), None, "{more}");
        }
        for (part, other) in [
            ("by localhost;", "by mx.example.org;"),
            ("localhost.localdomain", "evil.example"),
            ("Base: https:", "Base: javascript:"),
        ] {
            assert_eq!(article(&ARTICLE.replace(part, other)), None, "{other}");
        }
    }
}
