//! Checks `[listen]`: addresses, profiles, and the certificate with its key and its expiry date.

use std::path::Path;

use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::check::Check;
use super::{configuration, words};
use crate::config::{Config, Listen};
use crate::domain::with_causes;
use crate::listen::{self, Address};

const DAY: i64 = 86_400;

/// A certificate that expires sooner is a warning.
const SOON: i64 = 14 * DAY;

pub(super) fn examine(config: &Config, listen: &Listen) -> Vec<Check> {
    let addresses: Vec<&String> = [&listen.lmtp, &listen.smtp, &listen.smtps]
        .into_iter()
        .flatten()
        .collect();
    let mut checks: Vec<Check> = addresses.iter().copied().map(|text| address(text)).collect();
    if addresses.is_empty() {
        let what = "no address is configured; `mispigeon listen` also takes one on its command line";
        checks.push(Check::skipped("listener", what));
    }
    for (profile, _) in &listen.profiles {
        if let Err(error) = config.profile(Some(profile)) {
            checks.push(configuration::fault("listener-profile", &error));
        }
    }
    let key = listen.key.as_deref();
    checks.extend(listen.cert.as_ref().map(|cert| certificate(cert, key, words::now())));
    checks
}

fn address(text: &str) -> Check {
    match text.parse::<Address>() {
        Ok(address) => Check::ok(
            "listener",
            format!("mails are taken at {address} while `mispigeon listen` runs"),
        ),
        Err(error) => Check::problem(
            "listener",
            error.to_string(),
            "correct listen.lmtp, listen.smtp or listen.smtps",
        ),
    }
}

fn certificate(path: &Path, key: Option<&Path>, now: i64) -> Check {
    let id = "listener-certificate";
    let shown = path.display();
    let der = match listen::check_certificate(path, key) {
        Ok(der) => der,
        Err(error) => {
            let next = "name a certificate (PEM) and its key that this user can read and that belong together";
            return Check::problem(id, with_causes(&error), next);
        }
    };
    let next = "renew it, and start the listener again";
    match not_after(&der).map(|end| end - now) {
        None => Check::ok(id, format!("{shown} can be used")),
        Some(left) if left < 0 => {
            let what = format!("{shown} expired {} ago", words::span(-left));
            Check::problem(id, what, next)
        }
        Some(left) if left < SOON => {
            let what = format!("{shown} expires in {}", words::span(left));
            Check::warning(id, what, next)
        }
        Some(left) => Check::ok(id, format!("{shown} can be used, for {} more", words::span(left))),
    }
}

/// When a certificate expires, in seconds since 1970; `None` if `der` is not a certificate.
fn not_after(der: &[u8]) -> Option<i64> {
    let certificate = Certificate::from_der(der).ok()?;
    let end = certificate.tbs_certificate().validity().not_after;
    i64::try_from(end.to_unix_duration().as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::not_after;

    fn made(year: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["trap.example".to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 3, 1);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn both_ways_of_writing_the_date_are_read() {
        assert_eq!(not_after(&made(2031)), Some(1_930_089_600));
        assert_eq!(not_after(&made(2126)), Some(4_927_996_800));
    }

    #[test]
    fn what_is_cut_off_anywhere_or_is_no_certificate_has_no_date() {
        let whole = made(2031);
        for end in 0..40 {
            assert_eq!(not_after(&whole[..end]), None);
        }
        assert_eq!(not_after(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30]), None);
        assert_eq!(not_after(b"-----BEGIN"), None);
    }
}
