//! What can be known of who sent a mail, before one's own people are taken out of it: the fields that tell it name one's own servers.

use crate::config::Settings;
use crate::domain::Authentication;
use crate::mail::dkim::{self, Signature};
use crate::mail::{EmbeddedKind, Mail};
use crate::policy;

/// What a mail says of who sent it.
#[derive(Debug, Default)]
pub(super) struct Sender {
    /// What servers found out.
    pub authentication: Option<Authentication>,
    /// To be checked. Empty where no name server may be asked.
    pub signatures: Vec<Signature>,
}

impl Sender {
    /// Of the mail in `raw` and of each mail inside: outermost first, then depth first. Recursion is as deep as the mail stage
    /// opened mails, which is bounded.
    pub fn all(mail: &Mail, raw: Option<&[u8]>, settings: &Settings) -> Vec<Self> {
        let own = &settings.hosts.own;
        let raw = raw.filter(|_| settings.dns.enabled);
        let is_strange = |signature: &Signature| !own.covers(&signature.domain);
        let signatures = raw.map(dkim::signatures).unwrap_or_default();
        let mut all = vec![Self {
            authentication: policy::authentication(mail, own),
            signatures: signatures.into_iter().filter(is_strange).collect(),
        }];
        for inner in &mail.embedded {
            // Of a mail that was quoted in a text nobody has the bytes that were signed.
            let raw = Some(&*inner.raw).filter(|_| inner.kind == EmbeddedKind::Attached);
            all.extend(Self::all(&inner.mail, raw, settings));
        }
        all
    }
}
