//! Compiled formulas, written out again as far as their strings go.

use crate::contents::readers::office::bytes::{Bytes, decode, wide};

/// Longest formula that is written out, and most values that wait for an operator.
const LONGEST: usize = 1 << 13;
const MOST: usize = 512;

/// Functions whose names say what is done.
const NAMES: [(u16, &str); 11] = [
    (111, "CHAR"),
    (150, "CALL"),
    (110, "EXEC"),
    (149, "REGISTER"),
    (359, "HYPERLINK"),
    (53, "GOTO"),
    (54, "HALT"),
    (55, "RETURN"),
    (336, "CONCATENATE"),
    (132, "FOPEN"),
    (138, "FWRITE"),
];

/// A formula as text. Where a token is unknown it ends.
pub fn text(code: &[u8]) -> String {
    let mut machine = Machine {
        rest: Bytes(code),
        stack: Vec::new(),
    };
    while !machine.rest.0.is_empty() && machine.step().is_some() {}
    let mut all: Vec<String> = machine.stack;
    all.retain(|one| !one.is_empty());
    all.join(" ")
}

struct Machine<'a> {
    rest: Bytes<'a>,
    /// Text of the values that wait for an operator.
    stack: Vec<String>,
}

impl Machine<'_> {
    fn step(&mut self) -> Option<()> {
        let token = self.rest.u8()?;
        // Three classes of one operand differ in two bits.
        let token = if token >= 0x60 {
            token - 0x40
        } else if token >= 0x40 {
            token - 0x20
        } else {
            token
        };
        let skip = match token {
            0x03..=0x11 => return self.operator(token),
            0x12..=0x15 => return Some(()),
            0x16 => return self.push(String::new()),
            0x17 => return self.string(),
            0x19 => return self.attribute(),
            0x1e => {
                let number = self.rest.u16()?;
                return self.push(number.to_string());
            }
            0x1f => {
                let number = f64::from_le_bytes(self.rest.take(8)?.try_into().ok()?);
                return self.push(number.to_string());
            }
            0x21 => {
                let function = self.rest.u16()?;
                return self.call(function, 1);
            }
            0x22 => {
                let arguments = self.rest.u8()? & 0x7f;
                let function = self.rest.u16()? & 0x7fff;
                return self.call(function, usize::from(arguments));
            }
            0x1c | 0x1d => 1,
            0x01 | 0x02 | 0x23 | 0x24 | 0x2a | 0x2c => 4,
            0x20 => 7,
            0x25 | 0x2b | 0x2d => 8,
            0x26..=0x28 | 0x39 | 0x3a | 0x3c => 6,
            0x29 => 2,
            0x3b | 0x3d => 10,
            _ => return None,
        };
        self.rest.take(skip)?;
        self.push("?".to_owned())
    }

    fn push(&mut self, value: String) -> Option<()> {
        (self.stack.len() < MOST).then(|| self.stack.push(value))
    }

    fn operator(&mut self, token: u8) -> Option<()> {
        let right = self.stack.pop()?;
        let mut left = self.stack.pop()?;
        let sign = if token == 0x08 { "&" } else { "," };
        left.push_str(sign);
        left.push_str(&right);
        self.within(left)
    }

    fn string(&mut self) -> Option<()> {
        let length = usize::from(self.rest.u8()?);
        let is_wide = self.rest.u8()? & 1 == 1;
        let string = if is_wide {
            wide(self.rest.take(length * 2)?)
        } else {
            decode(self.rest.take(length)?, 1252)
        };
        self.push(format!("\"{}\"", string.replace('"', "\"\"")))
    }

    fn attribute(&mut self) -> Option<()> {
        let kind = self.rest.u8()?;
        let data = self.rest.u16()?;
        if kind & 4 != 0 {
            self.rest.take((usize::from(data) + 1) * 2)?;
        }
        Some(())
    }

    fn call(&mut self, function: u16, arguments: usize) -> Option<()> {
        let at = self.stack.len().checked_sub(arguments)?;
        let arguments = self.stack.split_off(at).join(",");
        let name = NAMES
            .iter()
            .find(|(number, _)| *number == function)
            .map_or("F", |(_, name)| name);
        self.within(format!("{name}({arguments})"))
    }

    fn within(&mut self, value: String) -> Option<()> {
        if value.len() > LONGEST {
            return None;
        }
        self.push(value)
    }
}
