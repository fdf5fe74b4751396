//! Commands of SMTP (RFC 5321) and LMTP (RFC 2033).
//!
//! Tried: smtp-proto 0.2.5. It refuses addresses without a domain, such as the sender `root` of a local mail server;
//! takes `<>` and `<postmaster>` for the same empty recipient; loses quotes of a local part; replaces bytes that are
//! not UTF-8; allows arguments of `DATA` and `QUIT`; and spreads parameters that are not offered here over a dozen
//! fields.

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// EHLO or LHLO, with the peer's name.
    Extended {
        lmtp: bool,
        name: String,
    },
    /// HELO, with the peer's name.
    Hello(String),
    Mail(Sender),
    Recipient(String),
    Data,
    Reset,
    Nothing,
    Verify,
    StartTls,
    Quit,
}

/// MAIL FROM with its parameters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sender {
    /// Empty for a delivery report.
    pub address: String,
    /// Bytes of the message, as the peer announces them.
    pub size: Option<usize>,
}

/// The reply to a command that was not understood.
pub(super) type Refusal = &'static str;

const SYNTAX: Refusal = "501 5.5.4 syntax error in the arguments";

/// Longest address with its angle brackets and source route.
const LONGEST_ADDRESS: usize = 1024;

pub(super) fn parse(line: &[u8]) -> Result<Command, Refusal> {
    let text = std::str::from_utf8(line).map_err(|_| "500 5.5.2 the command is not UTF-8")?;
    if text.chars().any(char::is_control) {
        return Err("500 5.5.2 control characters in the command");
    }
    let text = text.trim_end();
    let (verb, arguments) = text.split_once(' ').unwrap_or((text, ""));
    let arguments = arguments.trim();
    let named = |make: fn(String) -> Command| match arguments {
        "" => Err("501 5.5.4 a name is needed, such as EHLO mail.example.org"),
        name => Ok(make(name.to_owned())),
    };
    let alone = |command| if arguments.is_empty() { Ok(command) } else { Err(SYNTAX) };
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" => named(|name| Command::Extended { lmtp: false, name }),
        "LHLO" => named(|name| Command::Extended { lmtp: true, name }),
        "HELO" => named(Command::Hello),
        "MAIL" => mail(arguments),
        "RCPT" => recipient(arguments),
        "DATA" => alone(Command::Data),
        "RSET" => alone(Command::Reset),
        "NOOP" => Ok(Command::Nothing),
        "VRFY" if !arguments.is_empty() => Ok(Command::Verify),
        "VRFY" => Err(SYNTAX),
        "STARTTLS" => alone(Command::StartTls),
        "QUIT" => alone(Command::Quit),
        "EXPN" | "HELP" | "TURN" | "ETRN" | "AUTH" | "BDAT" => Err("502 5.5.1 command not implemented"),
        _ => Err("500 5.5.2 unknown command"),
    }
}

fn mail(arguments: &str) -> Result<Command, Refusal> {
    let (address, parameters) = path(arguments, "FROM:").ok_or("501 5.5.4 write MAIL FROM:<address>")?;
    let mut sender = Sender { address, size: None };
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.to_ascii_uppercase().as_str() {
            "SIZE" => sender.size = Some(value.parse().map_err(|_| SYNTAX)?),
            "BODY" if value.eq_ignore_ascii_case("7BIT") || value.eq_ignore_ascii_case("8BITMIME") => {}
            "SMTPUTF8" if value.is_empty() => {}
            _ => return Err("555 5.5.4 unknown parameter of MAIL"),
        }
    }
    Ok(Command::Mail(sender))
}

fn recipient(arguments: &str) -> Result<Command, Refusal> {
    let (address, parameters) = path(arguments, "TO:").ok_or("501 5.5.4 write RCPT TO:<address>")?;
    if address.is_empty() {
        return Err("501 5.1.3 a recipient is needed");
    }
    if !parameters.is_empty() {
        return Err("555 5.5.4 unknown parameter of RCPT");
    }
    Ok(Command::Recipient(address))
}

/// The address after `keyword`, without its source route, and the parameters after it.
fn path<'a>(arguments: &'a str, keyword: &str) -> Option<(String, Vec<&'a str>)> {
    let rest = arguments
        .get(..keyword.len())
        .filter(|start| start.eq_ignore_ascii_case(keyword))
        .and(arguments.get(keyword.len()..))?
        .trim_start();
    let end = closing_bracket(rest)?;
    let address = rest.get(1..end)?;
    let address = match address.strip_prefix('@') {
        Some(route) => route.split_once(':')?.1,
        None => address,
    };
    let is_quoted = address.starts_with('"');
    if address.len() > LONGEST_ADDRESS || (!is_quoted && address.contains([' ', '<', '>'])) {
        return None;
    }
    let parameters = rest.get(end + 1..)?;
    if !parameters.is_empty() && !parameters.starts_with(' ') {
        return None;
    }
    Some((address.to_owned(), parameters.split_whitespace().collect()))
}

/// The offset of the closing bracket. A quoted local part may have brackets.
fn closing_bracket(text: &str) -> Option<usize> {
    if !text.starts_with('<') {
        return None;
    }
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
