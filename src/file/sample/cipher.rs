//! The traditional encryption of zip files (APPNOTE 6.1), and the CRC-32 that it uses. It keeps no secret; it keeps
//! virus scanners from taking the sample for an attack.

const TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        #[allow(clippy::cast_possible_truncation)] // below 256
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                value >> 1 ^ 0xedb8_8320
            } else {
                value >> 1
            };
            bit += 1;
        }
        #[allow(clippy::indexing_slicing)] // below 256
        {
            table[index] = value;
        }
        index += 1;
    }
    table
}

#[allow(clippy::indexing_slicing)] // a byte is always inside 256 entries
fn step(crc: u32, byte: u8) -> u32 {
    TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ crc >> 8
}

/// The CRC-32 of zip files.
pub(super) struct Crc;

impl Crc {
    pub fn of(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| step(crc, *byte))
    }
}

pub(super) struct Keys(u32, u32, u32);

impl Keys {
    pub fn new(password: &[u8]) -> Self {
        let mut keys = Self(0x1234_5678, 0x2345_6789, 0x3456_7890);
        for byte in password {
            keys.update(*byte);
        }
        keys
    }

    fn update(&mut self, byte: u8) {
        self.0 = step(self.0, byte);
        self.1 = self
            .1
            .wrapping_add(self.0 & 0xff)
            .wrapping_mul(0x0808_8405)
            .wrapping_add(1);
        self.2 = step(self.2, self.1.to_be_bytes()[0]);
    }

    pub fn encrypt(&mut self, byte: u8) -> u8 {
        let mixed = self.2 | 2;
        let key = mixed.wrapping_mul(mixed ^ 1).to_le_bytes()[1];
        self.update(byte);
        byte ^ key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc_32_is_right() {
        assert_eq!(Crc::of(b"123456789"), 0xcbf4_3926);
    }
}
