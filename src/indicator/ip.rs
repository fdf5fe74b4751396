//! Addresses: where an IPv4 or IPv6 address begins and ends in the text, and which of them never leave a network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::bytes::{ALNUM, DIGIT, HEX, at, class, run};
use super::{Doubt, refang};

/// Whether packets to an address leave the own network (IANA's special-purpose address registries). Blocks for
/// documentation do not; a mapped IPv4 address counts as that address.
pub fn is_routable(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => doubt_v4(v4).is_none(),
        IpAddr::V6(v6) => doubt_v6(v6).is_none(),
    }
}

/// Whether an address lies in a block for documentation (RFC 5737, RFC 3849, RFC 9637): routed nowhere, and yet what
/// examples write for an address of the internet.
pub fn is_documentation(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_documentation(),
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            (first, second) == (0x2001, 0xdb8) || first == 0x3fff && second < 0x1000
        }
    }
}

/// Why an IPv4 address is not reachable (RFC 6890 and its registry).
pub fn doubt_v4(address: Ipv4Addr) -> Option<Doubt> {
    let [a, b, c, _] = address.octets();
    let special = matches!(a, 0 | 10 | 127 | 224..=255)
        || matches!(
            (a, b),
            (100, 64..=127) | (169, 254) | (172, 16..=31) | (192, 168) | (198, 18 | 19)
        )
        || matches!((a, b, c), (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113));
    special.then_some(Doubt::UnroutableAddress)
}

/// Why an IPv6 address is not reachable: only `2000::/3` and `64:ff9b::/96` are, without the documentation blocks.
pub fn doubt_v6(address: Ipv6Addr) -> Option<Doubt> {
    let segments = address.segments();
    let [first, second, ..] = segments;
    let global = matches!(first, 0x2000..=0x3ffe) && (first, second) != (0x2001, 0xdb8);
    let translated = (first, second) == (0x64, 0xff9b);
    (!global && !translated).then_some(Doubt::UnroutableAddress)
}

/// Four octets with dots in any form.
#[derive(Debug)]
pub struct V4 {
    /// The address.
    pub address: Ipv4Addr,
    /// Past its last byte.
    pub end: usize,
    /// A dot was defanged.
    pub evident: bool,
}

/// Result of looking for an IPv4 address.
#[derive(Debug)]
pub enum Dotted {
    /// Here is one.
    Address(V4),
    /// Numbers and dots that are none, up to here.
    Number(usize),
    /// Not numbers alone: perhaps a name.
    Other,
}

/// Looks for an IPv4 address at `start`, where a word of digits begins.
pub fn read_v4(text: &str, start: usize) -> Dotted {
    let bytes = text.as_bytes();
    let mut octets = [0_u8; 4];
    let (mut i, mut evident, mut valid) = (start, false, true);
    for (n, octet) in octets.iter_mut().enumerate() {
        let end = run(bytes, i, DIGIT);
        let digits = text.get(i..end).unwrap_or_default();
        match digits.parse() {
            Ok(value) if digits.len() == 1 || !digits.starts_with('0') => *octet = value,
            _ => valid = false,
        }
        if digits.is_empty() || class(at(bytes, end)) & ALNUM != 0 {
            return Dotted::Other;
        }
        i = end;
        if n < 3 {
            let Some(mark) = refang::dot(text, i, evident) else {
                return Dotted::Other;
            };
            evident |= mark.evident;
            i = mark.end;
        }
    }
    match refang::dot(text, i, false) {
        Some(mark) if class(at(bytes, mark.end)) & DIGIT != 0 => Dotted::Number(numbers_end(bytes, mark.end)),
        Some(_) => Dotted::Other,
        None if !valid => Dotted::Number(i),
        None => Dotted::Address(V4 {
            address: Ipv4Addr::from(octets),
            end: i,
            evident,
        }),
    }
}

fn numbers_end(bytes: &[u8], mut i: usize) -> usize {
    loop {
        i = run(bytes, i, DIGIT);
        if at(bytes, i) != b'.' || class(at(bytes, i + 1)) & DIGIT == 0 {
            return i;
        }
        i += 1;
    }
}

/// A run of hexadecimal groups and colons.
#[derive(Debug)]
pub struct Colons {
    /// Past its last byte.
    pub end: usize,
    /// The address, when it is one.
    pub address: Option<Ipv6Addr>,
    /// A colon was defanged.
    pub evident: bool,
}

/// Reads a run of hexadecimal digits, colons (`[:]` too) and, at its end, an IPv4 tail. It is consumed whole, so that a
/// long run of pairs is looked at once.
pub fn read_v6(text: &str, start: usize) -> Colons {
    let bytes = text.as_bytes();
    let mut plain = String::new();
    let (mut i, mut colons, mut group, mut evident) = (start, 0_usize, start, false);
    loop {
        let end = run(bytes, i, DIGIT | HEX);
        keep(&mut plain, text.get(i..end).unwrap_or_default());
        i = end;
        if bytes.get(i..i + 4) == Some(b"[::]") {
            keep(&mut plain, "::");
            colons += 2;
            i += 4;
            group = i;
            evident = true;
            continue;
        }
        let Some(mark) = refang::colon(bytes, i) else { break };
        keep(&mut plain, ":");
        colons += 1;
        evident |= mark.evident;
        i = mark.end;
        group = i;
    }
    let mut end = i;
    if at(bytes, i) == b'.'
        && class(at(bytes, group)) & DIGIT != 0
        && let Dotted::Address(v4) = read_v4(text, group)
    {
        plain.truncate(plain.rfind(':').map_or(0, |colon| colon + 1));
        plain.push_str(&v4.address.to_string());
        end = v4.end;
        evident |= v4.evident;
    }
    let mut address = (colons >= 2).then(|| plain.parse().ok()).flatten();
    if address.is_none() && plain.ends_with(':') && !plain.ends_with("::") {
        // The colon after the address belongs to the sentence.
        end -= usize::from(end == i);
        address = plain.strip_suffix(':').and_then(|plain| plain.parse().ok());
    }
    let joined = class(at(bytes, end)) & ALNUM != 0 || plain.len() < 4 && plain != "::1";
    let worded = !plain.bytes().any(|byte| byte.is_ascii_digit());
    Colons {
        end,
        address: address.filter(|_| !joined && !worded),
        evident,
    }
}

fn keep(plain: &mut String, part: &str) {
    if plain.len() + part.len() <= 64 {
        plain.push_str(part);
    } else if !plain.ends_with('!') {
        plain.push('!');
    }
}

/// Past a zone id (`%eth0`), which means something on one machine only.
pub fn zone_end(bytes: &[u8], end: usize) -> usize {
    if at(bytes, end) == b'%' && class(at(bytes, end + 1)) & ALNUM != 0 {
        run(bytes, end + 1, ALNUM)
    } else {
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside_and_outside_are_told_apart() {
        for inside in [
            "10.1.2.3",
            "0.0.0.0",
            "127.0.0.1",
            "169.254.1.1",
            "172.31.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "198.19.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "2001:db8::1",
            "ff02::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_routable(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "9.9.9.9",
            "100.128.0.1",
            "172.32.0.1",
            "2620:fe::fe",
            "64:ff9b::909:909",
            "::ffff:9.9.9.9",
        ] {
            assert!(is_routable(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn documentation_is_told_from_all_else() {
        for address in [
            "192.0.2.1",
            "198.51.100.7",
            "203.0.113.9",
            "2001:db8::25",
            "3fff::1",
            "::ffff:192.0.2.1",
        ] {
            assert!(is_documentation(address.parse().unwrap()), "{address}");
        }
        for address in ["10.0.0.1", "9.9.9.9", "2620:fe::fe", "::1"] {
            assert!(!is_documentation(address.parse().unwrap()), "{address}");
        }
    }
}
