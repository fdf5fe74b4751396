//! Reads the assignments of a Python module without running it: literals, and the one expression that the old
//! configuration has. Reports everything else and never guesses.

use super::token::{Token, TokenKind, tokens};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    None,
    Flag(bool),
    Number(i64),
    Text(String),
    /// Tuple, list or set.
    List(Vec<Literal>),
    Dict(Vec<(Literal, Literal)>),
    /// `sorted(NAME.keys())[0]`
    FirstKey(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub line: usize,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Assign(String, Literal),
    /// Name, and why its value is not a literal.
    Unclear(String, String),
    /// An import, or a text that documents the file.
    Ignored(String),
    Other(String),
}

/// Most levels of brackets.
const DEPTH: usize = 30;

pub(super) fn statements(source: &str) -> Vec<Statement> {
    let all = tokens(source);
    let mut statements = Vec::new();
    let mut rest = all.as_slice();
    while let Some(end) = rest.iter().position(|token| token.kind == TokenKind::End) {
        let (line, after) = rest.split_at(end);
        if let Some(first) = line.first() {
            statements.push(Statement {
                line: first.line,
                what: statement(line),
            });
        }
        rest = after.get(1..).unwrap_or_default();
    }
    statements
}

fn statement(line: &[Token]) -> What {
    use TokenKind::{Indent, Mark, Name, Text};
    let kinds: Vec<&TokenKind> = line.iter().map(|token| &token.kind).collect();
    let value = |from: usize| line.get(from..).unwrap_or_default();
    match kinds.as_slice() {
        [Name(word), ..] if word == "import" || word == "from" => What::Ignored(shown(line)),
        [Text(_)] => What::Ignored("text that documents the file".into()),
        [Name(_), Mark('='), Mark('='), ..] | [Indent, ..] => What::Other(shown(line)),
        [Name(name), Mark('='), ..] => assignment(name, value(2)),
        // name: type = value
        [Name(name), Mark(':'), Name(_), Mark('='), ..] => assignment(name, value(4)),
        _ => What::Other(shown(line)),
    }
}

fn assignment(name: &str, value: &[Token]) -> What {
    let mut parser = Parser { rest: value };
    match parser.tuple() {
        Ok(literal) if parser.rest.is_empty() => What::Assign(name.to_owned(), literal),
        Ok(_) => What::Unclear(name.to_owned(), format!("the value is no literal: {}", shown(value))),
        Err(reason) => What::Unclear(name.to_owned(), reason),
    }
}

/// The tokens for people, at most 80 characters. Leaves out the content of texts, which may be secret.
fn shown(tokens: &[Token]) -> String {
    let words = tokens.iter().take(20).map(|token| match &token.kind {
        TokenKind::Name(word) | TokenKind::Number(word) => word.clone(),
        TokenKind::Text(_) => "'…'".into(),
        TokenKind::Mark(mark) => mark.to_string(),
        TokenKind::Bad(_) => "?".into(),
        TokenKind::Indent | TokenKind::End => String::new(),
    });
    words.collect::<Vec<_>>().join(" ").trim().chars().take(80).collect()
}

struct Parser<'a> {
    rest: &'a [Token],
}

type Parsed = Result<Literal, String>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a TokenKind> {
        self.rest.first().map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<&'a TokenKind> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(&first.kind)
    }

    fn take(&mut self, mark: char) -> bool {
        let here = self.peek() == Some(&TokenKind::Mark(mark));
        if here {
            self.next();
        }
        here
    }

    /// A value, or several separated by commas, which Python reads as a tuple.
    fn tuple(&mut self) -> Parsed {
        let first = self.value(0)?;
        if self.peek() != Some(&TokenKind::Mark(',')) {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.take(',') && !self.rest.is_empty() {
            items.push(self.value(0)?);
        }
        Ok(Literal::List(items))
    }

    fn value(&mut self, depth: usize) -> Parsed {
        if depth > DEPTH {
            return Err("brackets are nested too deeply".into());
        }
        match self.next() {
            Some(TokenKind::Text(text)) => {
                let mut text = text.clone();
                while let Some(TokenKind::Text(more)) = self.peek() {
                    text.push_str(more);
                    self.next();
                }
                Ok(Literal::Text(text))
            }
            Some(TokenKind::Number(digits)) => number(digits),
            Some(TokenKind::Mark('-')) => match self.next() {
                Some(TokenKind::Number(digits)) => number(&format!("-{digits}")),
                _ => Err("the value is no literal".into()),
            },
            Some(TokenKind::Mark('(')) => self.brackets(')', depth),
            Some(TokenKind::Mark('[')) => self.brackets(']', depth),
            Some(TokenKind::Mark('{')) => self.braces(depth),
            Some(TokenKind::Name(name)) => self.name(name),
            Some(TokenKind::Bad(reason)) => Err(reason.clone()),
            _ => Err("the value is no literal".into()),
        }
    }

    fn name(&mut self, name: &str) -> Parsed {
        match name {
            "True" => Ok(Literal::Flag(true)),
            "False" => Ok(Literal::Flag(false)),
            "None" => Ok(Literal::None),
            "sorted" => self.first_key(),
            _ => Err(format!("the value is no literal: {name} …")),
        }
    }

    /// `(NAME.keys())[0]`, after `sorted`.
    fn first_key(&mut self) -> Parsed {
        let unclear = || "only sorted(NAME.keys())[0] is understood".to_owned();
        let open = self.take('(');
        let Some(TokenKind::Name(name)) = self.next() else {
            return Err(unclear());
        };
        let of_keys = self.take('.') && self.next() == Some(&TokenKind::Name("keys".into()));
        let called = self.take('(') && self.take(')') && self.take(')') && self.take('[');
        let zero = self.next() == Some(&TokenKind::Number("0".into()));
        if open && of_keys && called && zero && self.take(']') {
            Ok(Literal::FirstKey(name.clone()))
        } else {
            Err(unclear())
        }
    }

    /// A list, a tuple, or a value in parentheses.
    fn brackets(&mut self, close: char, depth: usize) -> Parsed {
        let mut items = Vec::new();
        let mut comma = close == ']';
        while !self.take(close) {
            items.push(self.value(depth + 1)?);
            let more = self.take(',');
            comma |= more;
            if !more && self.peek() != Some(&TokenKind::Mark(close)) {
                return Err(self.unclear());
            }
        }
        match (comma, items.pop()) {
            (false, Some(only)) => Ok(only),
            (_, last) => {
                items.extend(last);
                Ok(Literal::List(items))
            }
        }
    }

    /// A dict or a set.
    fn braces(&mut self, depth: usize) -> Parsed {
        let mut pairs = Vec::new();
        let mut items = Vec::new();
        while !self.take('}') {
            let key = self.value(depth + 1)?;
            if self.take(':') {
                pairs.push((key, self.value(depth + 1)?));
            } else {
                items.push(key);
            }
            if !self.take(',') && self.peek() != Some(&TokenKind::Mark('}')) {
                return Err(self.unclear());
            }
        }
        match (pairs.is_empty(), items.is_empty()) {
            (_, true) => Ok(Literal::Dict(pairs)),
            (true, false) => Ok(Literal::List(items)),
            (false, false) => Err("a dict with entries that have no value".into()),
        }
    }

    fn unclear(&self) -> String {
        match self.peek() {
            Some(TokenKind::Bad(reason)) => reason.clone(),
            Some(_) => format!("the value is no literal: {}", shown(self.rest)),
            None => "a bracket is not closed".into(),
        }
    }
}

fn number(digits: &str) -> Parsed {
    let plain = digits.replace('_', "");
    plain
        .parse()
        .map(Literal::Number)
        .map_err(|_| format!("{digits} is no whole number"))
}
