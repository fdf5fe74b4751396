//! Cuts a Python module into tokens, as far as literals need them.

/// Lines count from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Name(String),
    Number(String),
    /// Without quotes and escapes.
    Text(String),
    Mark(char),
    /// Not accepted, with the reason.
    Bad(String),
    /// White space before a statement: it is in a block, which may never run.
    Indent,
    /// End of a statement.
    End,
}

/// Line ends inside brackets and after a backslash do not end a statement.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut cutter = Cutter {
        source,
        at: 0,
        line: 1,
        depth: 0,
        tokens: Vec::new(),
    };
    while cutter.step() {}
    cutter.push(TokenKind::End);
    cutter.tokens
}

struct Cutter<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    /// Number of open brackets.
    depth: usize,
    tokens: Vec<Token>,
}

impl<'a> Cutter<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind) {
        let line = self.line;
        self.tokens.push(Token { kind, line });
    }

    /// Cuts off one token; returns false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return false };
        match c {
            '#' => self.at += rest.find('\n').unwrap_or(rest.len()),
            '\n' => {
                if self.depth == 0 {
                    self.push(TokenKind::End);
                }
                self.line += 1;
                self.at += 1;
            }
            ';' if self.depth == 0 => {
                self.push(TokenKind::End);
                self.at += 1;
            }
            '\\' if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") => {
                self.line += 1;
                self.at += if rest.starts_with("\\\n") { 2 } else { 3 };
            }
            '"' | '\'' => self.text("", c),
            c if c.is_ascii_digit() => {
                let word = self.word();
                self.push(TokenKind::Number(word.to_owned()));
            }
            c if c.is_alphabetic() || c == '_' => {
                let word = self.word();
                match self.rest().chars().next() {
                    Some(quote @ ('"' | '\'')) if word.len() <= 2 => self.text(word, quote),
                    _ => self.push(TokenKind::Name(word.to_owned())),
                }
            }
            c => {
                match c {
                    '(' | '[' | '{' => self.depth += 1,
                    ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                if !c.is_whitespace() {
                    self.push(TokenKind::Mark(c));
                } else if self.begins_an_indented_line() {
                    self.push(TokenKind::Indent);
                }
                self.at += c.len_utf8();
            }
        }
        true
    }

    /// Whether the cursor is at the white space before a line's first token.
    fn begins_an_indented_line(&self) -> bool {
        let first = self.at == 0 || self.source.as_bytes().get(self.at - 1) == Some(&b'\n');
        if !first || self.tokens.last().is_some_and(|token| token.kind != TokenKind::End) {
            return false;
        }
        let filled = self
            .rest()
            .trim_start_matches([' ', '\t', '\r', '\u{c}'])
            .chars()
            .next();
        filled.is_some_and(|c| c != '\n' && c != '#')
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// A text with its prefix. The cursor is at the opening quote.
    fn text(&mut self, prefix: &str, quote: char) {
        let prefix = prefix.to_ascii_lowercase();
        let first_line = self.line;
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let close = if self.rest().starts_with(&triple) {
            triple
        } else {
            quote.to_string()
        };
        self.at += close.len();
        let body = self.rest();
        let Some(end) = end_of_text(body, &close) else {
            self.at += if close.len() == 1 {
                body.find('\n').unwrap_or(body.len())
            } else {
                body.len()
            };
            self.push(TokenKind::Bad("a text is not closed".into()));
            return;
        };
        let content = body.get(..end).unwrap_or_default();
        self.at += end + close.len();
        let kind = match prefix.as_str() {
            "" | "u" => TokenKind::Text(unescape(content)),
            "r" => TokenKind::Text(content.to_owned()),
            "b" | "br" | "rb" => TokenKind::Bad("bytes (b'…') are refused; write it as a text, without the b".into()),
            "f" | "fr" | "rf" | "t" => TokenKind::Bad("a formatted text (f'…') has no fixed value".into()),
            other => TokenKind::Bad(format!("unknown prefix {other} of a text")),
        };
        self.tokens.push(Token { kind, line: first_line });
        self.line += content.matches('\n').count();
    }
}

/// The offset of the closing quote. A backslash protects the next character, even in raw texts.
fn end_of_text(body: &str, close: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in body.bytes().enumerate() {
        if escaped {
            escaped = false;
        } else if byte == b'\\' {
            escaped = true;
        } else if body.as_bytes().get(at..at + close.len()) == Some(close.as_bytes()) {
            return Some(at);
        } else if byte == b'\n' && close.len() == 1 {
            return None;
        }
    }
    None
}

/// Replaces the escapes of a text that is not raw. As in Python, unknown ones stay.
fn unescape(content: &str) -> String {
    let mut text = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        let Some(c) = after.chars().next() else {
            text.push('\\');
            return text;
        };
        let mut used = c.len_utf8();
        match c {
            '\n' => {}
            '\\' | '\'' | '"' => text.push(c),
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'a' => text.push('\u{7}'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            'x' | 'u' | 'U' => {
                used = coded(
                    after,
                    if c == 'x' {
                        2
                    } else if c == 'u' {
                        4
                    } else {
                        8
                    },
                    &mut text,
                );
            }
            '0'..='7' => {
                let digits: String = after.chars().take(3).take_while(|c| ('0'..='7').contains(c)).collect();
                used = digits.len();
                text.extend(u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32));
            }
            other => text.extend(['\\', other]),
        }
        rest = after.get(used..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// Reads `x41`, `u00e4` or `U0001f600`. Returns the number of bytes read.
fn coded(after: &str, digits: usize, text: &mut String) -> usize {
    let code = after
        .get(1..=digits)
        .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if let Some(c) = code
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .and_then(char::from_u32)
    {
        text.push(c);
        digits + 1
    } else {
        text.push('\\');
        0
    }
}
