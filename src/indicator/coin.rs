//! Addresses of coins: only what carries a valid checksum.

use sha3::{Digest, Keccak256};

use super::Kind;
use super::bytes::line_before;

/// A coin's address.
#[derive(Debug)]
pub struct Coin {
    /// [`Kind::Btc`], [`Kind::Xmr`] or [`Kind::Coin`].
    pub kind: Kind,
    /// The coin's name, where the kind does not say it.
    pub name: Option<&'static str>,
    /// As the checksum wants it.
    pub value: String,
}

impl Coin {
    fn new(kind: Kind, name: Option<&'static str>, value: &str) -> Self {
        Self {
            kind,
            name,
            value: value.to_owned(),
        }
    }
}

/// Version bytes of base58check addresses with 20 bytes of payload.
const BASE58: [(&[u8], Option<&str>); 9] = [
    (&[0x00], None),
    (&[0x05], None),
    (&[0x30], Some("Litecoin")),
    (&[0x32], Some("Litecoin")),
    (&[0x1e], Some("Dogecoin")),
    (&[0x16], Some("Dogecoin")),
    (&[0x4c], Some("Dash")),
    (&[0x41], Some("Tron")),
    (&[0x1c, 0xb8], Some("Zcash")),
];

/// Names the word from `start` to `end`.
pub fn read(text: &str, start: usize, end: usize) -> Option<Coin> {
    let word = text.get(start..end)?;
    match (word.len(), word.as_bytes().first()?) {
        (42, b'0') => ethereum(text, word, start),
        (26..=35, b'1' | b'3' | b'L' | b'M' | b'D' | b'A' | b'9' | b'X' | b'T' | b't') => base58(word),
        (14..=90, b'b' | b'B' | b'l' | b'L') => segwit(word),
        (95 | 106, b'4' | b'8') => monero(word).then(|| Coin::new(Kind::Xmr, None, word)),
        _ => None,
    }
}

fn base58(word: &str) -> Option<Coin> {
    let payload = bs58::decode(word).with_check(None).into_vec().ok()?;
    let (_, name) = BASE58
        .iter()
        .find(|(version, _)| payload.len() == version.len() + 20 && payload.starts_with(version))?;
    let kind = if name.is_none() { Kind::Btc } else { Kind::Coin };
    Some(Coin::new(kind, *name, word))
}

fn segwit(word: &str) -> Option<Coin> {
    let prefix = word.get(..4)?.to_ascii_lowercase();
    let (kind, name) = match prefix.as_str() {
        p if p.starts_with("bc1") => (Kind::Btc, None),
        "ltc1" => (Kind::Coin, Some("Litecoin")),
        _ => return None,
    };
    bech32::segwit::decode(word).ok()?;
    Some(Coin::new(kind, name, &word.to_ascii_lowercase()))
}

/// EIP-55: the case of the letters is the checksum. One case alone needs the coin's name on the line.
fn ethereum(text: &str, word: &str, start: usize) -> Option<Coin> {
    let digits = word
        .strip_prefix("0x")
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let lower = digits.to_ascii_lowercase();
    let named = || {
        let lead = line_before(text.as_bytes(), start, 64).to_ascii_lowercase();
        [&b"ethereum"[..], b"eth", b"erc20", b"erc-20"]
            .iter()
            .any(|name| memchr::memmem::find(&lead, name).is_some())
    };
    let one_case = lower == digits || digits.to_ascii_uppercase() == digits;
    let valid = if one_case { named() } else { eip55(&lower) == digits };
    valid.then(|| Coin::new(Kind::Coin, Some("Ethereum"), &format!("0x{}", eip55(&lower))))
}

fn eip55(lower: &str) -> String {
    let hash = Keccak256::digest(lower.as_bytes());
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    lower
        .chars()
        .zip(nibbles)
        .map(|(c, nibble)| if nibble > 7 { c.to_ascii_uppercase() } else { c })
        .collect()
}

/// Monero's base58 works on blocks of 11 characters; the last four bytes are a checksum.
fn monero(word: &str) -> bool {
    const DECODED: [usize; 12] = [0, 9, 1, 2, 9, 3, 4, 5, 9, 6, 7, 8];
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = Vec::with_capacity(80);
    for block in word.as_bytes().chunks(11) {
        let size = DECODED.get(block.len()).copied().unwrap_or(9);
        let mut number = 0_u128;
        for byte in block {
            let Some(digit) = ALPHABET.iter().position(|known| known == byte) else {
                return false;
            };
            number = number * 58 + digit as u128;
        }
        if size > 8 || number >> (8 * size) != 0 {
            return false;
        }
        bytes.extend(number.to_be_bytes().iter().skip(16 - size));
    }
    let Some((payload, checksum)) = bytes.split_last_chunk::<4>() else {
        return false;
    };
    let network = matches!(payload.first(), Some(18 | 19 | 42));
    network && Keccak256::digest(payload).starts_with(checksum)
}
