//! What the scan does where a number or a hexadecimal group begins: IPv4, IPv6, blocks, ports, MAC addresses, ssdeep.

use std::net::Ipv4Addr;

use super::bytes::{ALNUM, DIGIT, HIGH, at, before, class, is_alnum, run, run_of, starts_with};
use super::chain::Chain;
use super::find::Find;
use super::host::Host;
use super::ip::{self, Dotted};
use super::scan::{NEAR, Scan};
use super::{Doubt, Kind, hash, name, refang, url, version};

impl Scan<'_> {
    /// Digits and letters of numbers: IPv4, ssdeep, MAC, IPv6.
    pub(super) fn groups(&mut self, start: usize, end: usize) -> Option<usize> {
        let bytes = self.bytes;
        let next = at(bytes, end);
        let decimal = run(bytes, start, DIGIT) == end;
        if decimal
            && next == b':'
            && let Some(end) = hash::ssdeep_end(bytes, start, end)
        {
            let value = self.text.get(start..end)?.to_owned();
            self.add(start..end, Kind::Ssdeep, value, Find::default());
            return Some(end);
        }
        if let Some((value, end)) = name::mac(bytes, start) {
            self.add(start..end, Kind::Mac, value, Find::default());
            return Some(end);
        }
        if end - start <= 4 && refang::colon(bytes, end).is_some() {
            let colons = ip::read_v6(self.text, start);
            if let Some(address) = colons
                .address
                .filter(|_| !matches!(before(bytes, start), b':' | b'.' | b'-' | b'_') || is_tagged(bytes, start))
            {
                return Some(self.v6(start, address, &colons));
            }
            // Pairs of a fingerprint, a time: looked at once.
            return (colons.end > end + 4).then_some(colons.end);
        }
        if decimal && start >= self.judged {
            match ip::read_v4(self.text, start) {
                Dotted::Address(v4) => return self.v4(start, &v4),
                Dotted::Number(end) => {
                    self.judged = end;
                    return Some(end);
                }
                Dotted::Other => {}
            }
        }
        None
    }

    /// `::1`, `::ffff:1.2.3.4`
    pub(super) fn double_colon(&mut self, start: usize) -> usize {
        let past = run_of(self.bytes, start, b':');
        let lead = before(self.bytes, start);
        if class(lead) & (ALNUM | HIGH) != 0 || matches!(lead, b'>' | b')' | b']' | b'_') || past != start + 2 {
            return past;
        }
        let colons = ip::read_v6(self.text, start);
        match colons.address {
            Some(address) => self.v6(start, address, &colons),
            None => colons.end.max(past),
        }
    }

    fn v4(&mut self, start: usize, v4: &ip::V4) -> Option<usize> {
        let (bytes, end) = (self.bytes, v4.end);
        // `45.66.77.88@evil.com` is a mailbox.
        if let Some(mark) = refang::at_sign(bytes, end)
            && !refang::is_spaced_at(bytes, end)
            && let Some(past) = self.email(None, end, mark)
        {
            return Some(past);
        }
        // `1-2-3-4.isp.net` and `1.2.3.4-static.isp.net` are names.
        if matches!(at(bytes, end), b'-' | b'_') && !v4.evident {
            let chain = Chain::read(self.text, start, false);
            if chain.name.bytes().any(|byte| byte.is_ascii_alphabetic()) {
                return None;
            }
        }
        let written = self.text.get(start..end).unwrap_or_default();
        let mut host = Host::v4(v4.address, written).defanged(v4.evident);
        if v4.evident {
            host.in_url.clone_from(&host.value);
        }
        let device = url::device_port(self.text, start, end);
        let led = device.is_some() || url::led_by_protocol(bytes, start);
        if !v4.evident && !led && (is_behind_name(self.text, start, end) || self.is_version(start, end, v4.address)) {
            host.doubt = host.doubt.or(Some(Doubt::Version));
            self.version_end = end;
        }
        if let Some((port, past)) = device {
            self.judged = self.judged.max(past);
            return Some(self.with_port(start..past, &host, port));
        }
        Some(self.address(start, end, host, 32))
    }

    fn is_version(&self, start: usize, end: usize, address: Ipv4Addr) -> bool {
        let between = self
            .text
            .get(self.version_end..start)
            .filter(|between| self.version_end > 0 && between.len() < NEAR);
        between.is_some_and(|between| version::is_next(between, address))
            || version::is_version(self.text, start, end, address)
    }

    fn v6(&mut self, start: usize, address: std::net::Ipv6Addr, colons: &ip::Colons) -> usize {
        let end = ip::zone_end(self.bytes, colons.end);
        let host = Host::v6(address).defanged(colons.evident);
        self.address(start, end, host, 128)
    }

    /// The length of a block's prefix at `i`, and where it ends.
    fn prefix_length(&self, i: usize, longest: u8) -> Option<(u8, usize)> {
        let bytes = self.bytes;
        let start = refang::slash(bytes, i)?.end;
        let end = run(bytes, start, DIGIT);
        let length = self
            .text
            .get(start..end)
            .filter(|digits| digits.len() <= 3)?
            .parse()
            .ok()?;
        let dotted = at(bytes, end) == b'.' && is_alnum(bytes, end + 1);
        let whole = !is_alnum(bytes, end) && at(bytes, end) != b'/' && !dotted;
        (whole && length <= longest).then_some((length, end))
    }

    /// An address: perhaps a block, with a port, or with a path.
    fn address(&mut self, start: usize, end: usize, host: Host, longest: u8) -> usize {
        let bytes = self.bytes;
        self.judged = self.judged.max(end);
        if let Some((length, past)) = self.prefix_length(end, longest) {
            let value = format!("{}/{length}", host.value);
            let find = Find {
                doubt: host.doubt,
                defanged: host.defanged || at(bytes, end) != b'/',
                ..Find::default()
            };
            self.add(start..past, Kind::Cidr, value, find);
            return past;
        }
        if longest == 32
            && let Some(mark) = refang::slash(bytes, end)
            && (is_alnum(bytes, mark.end) || matches!(at(bytes, mark.end), b'?' | b'~' | b'_' | b'.' | b'%'))
        {
            let written = host.in_url.clone();
            return self.without_scheme(start, end, None, host, &written);
        }
        if longest == 128 && before(bytes, start) != b'[' {
            self.add_host(start..end, host);
            return end;
        }
        if let Some((port, past)) = url::port(self.text, end)
            && refang::slash(bytes, past).is_some()
            && !url::is_protocol(bytes, past)
        {
            let written = host.in_url.clone();
            let host = host.defanged(at(bytes, end) != b':');
            return self.without_scheme(start, past, Some(port), host, &written);
        }
        self.host_or_port(start, end, host)
    }
}

/// `Foo/9.1.2.3`, `foo-9.1.2.3`: the number of a program's version. Versions have no ports.
fn is_behind_name(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let joined = matches!(before(bytes, start), b'/' | b'-' | b'_');
    joined && start >= 2 && at(bytes, start - 2).is_ascii_alphabetic() && url::port(text, end).is_none()
}

/// `[IPv6:2001:db8::7]`, as mail servers write addresses.
fn is_tagged(bytes: &[u8], start: usize) -> bool {
    start
        .checked_sub(5)
        .is_some_and(|tag| starts_with(bytes, tag, b"ipv6:"))
}
