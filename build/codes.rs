//! Makes the enums of `src/domain/said.rs` from `protocol/codes.json`: a group is an enum, a code is a variant, its arguments
//! are the fields, its English wording is the text.

use std::error::Error;
use std::fmt::Write;

use serde_json::{Map, Value};

/// The Rust source of all groups.
pub fn enums(codes: &str) -> Result<String, Box<dyn Error>> {
    let groups: Map<String, Value> = serde_json::from_str(codes)?;
    let mut source = String::new();
    for (group, codes) in &groups {
        let codes = codes.as_object().ok_or_else(|| format!("{group}: no table of codes"))?;
        let codes: Result<Vec<Code>, _> = codes.iter().map(|(code, row)| Code::read(code, row)).collect();
        write_enum(&mut source, &camel_case(group), &codes?)?;
    }
    Ok(source)
}

struct Code<'a> {
    name: &'a str,
    variant: String,
    english: &'a str,
    /// Name and Rust type.
    arguments: Vec<(&'a str, &'static str)>,
}

impl<'a> Code<'a> {
    fn read(name: &'a str, row: &'a Value) -> Result<Self, String> {
        let english = row["en"]
            .as_str()
            .ok_or_else(|| format!("{name}: no English wording"))?;
        let named = row["arguments"].as_object().into_iter().flatten();
        let arguments = named.map(|(argument, kind)| {
            let kind = match kind.as_str() {
                Some("text") => "String",
                Some("texts") => "Vec<String>",
                Some("number") => "usize",
                Some("said") => "Box<Said>",
                _ => return Err(format!("{name}: {argument} is none of text, texts, number, said")),
            };
            Ok((argument.as_str(), kind))
        });
        Ok(Self {
            name,
            variant: camel_case(name),
            english,
            arguments: arguments.collect::<Result<_, _>>()?,
        })
    }

    /// The variant with the fields that `wanted` names bound to variables.
    fn pattern(&self, wanted: impl Fn(&str) -> bool) -> String {
        if self.arguments.is_empty() {
            return format!("Self::{}", self.variant);
        }
        let names = self.arguments.iter().map(|(name, _)| *name);
        let mut bound: Vec<&str> = names.filter(|name| wanted(name)).collect();
        if bound.len() < self.arguments.len() {
            bound.push("..");
        }
        format!("Self::{} {{ {} }}", self.variant, bound.join(", "))
    }
}

fn write_enum(source: &mut String, name: &str, codes: &[Code<'_>]) -> Result<(), Box<dyn Error>> {
    let (mut variants, mut names, mut arguments, mut texts) =
        (String::new(), String::new(), String::new(), String::new());
    for code in codes {
        let fields: Vec<String> = code
            .arguments
            .iter()
            .map(|(name, kind)| format!("{name}: {kind}"))
            .collect();
        let fields = if fields.is_empty() {
            String::new()
        } else {
            format!(" {{ {} }}", fields.join(", "))
        };
        writeln!(
            variants,
            "    #[doc = {:?}]\n    {}{fields},",
            code.english, code.variant
        )?;
        writeln!(names, "            {} => {:?},", code.pattern(|_| false), code.name)?;
        if !code.arguments.is_empty() {
            let list: Vec<String> = code
                .arguments
                .iter()
                .map(|(name, _)| format!("({name:?}.into(), {name}.into())"))
                .collect();
            writeln!(
                arguments,
                "            {} => [{}].into(),",
                code.pattern(|_| true),
                list.join(", ")
            )?;
        }
        writeln!(
            texts,
            "            {} => {},",
            code.pattern(|name| code.english.contains(&format!("{{{name}}}"))),
            text(code)?
        )?;
    }
    let copies = if codes.iter().all(|code| code.arguments.is_empty()) {
        "Copy, "
    } else {
        ""
    };
    write!(
        source,
        "/// See `protocol/codes.json`.
#[derive(Clone, {copies}Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum {name} {{
{variants}}}

impl {name} {{
    /// The name under which programs and translations know it.
    pub const fn code(&self) -> &'static str {{
        match self {{
{names}        }}
    }}

    /// The English wording.
    pub fn text(&self) -> Cow<'static, str> {{
        match self {{
{texts}        }}
    }}

    fn arguments(self) -> Arguments {{
        match self {{
{arguments}            _ => Arguments::new(),
        }}
    }}
}}

impl fmt::Display for {name} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        f.write_str(&self.text())
    }}
}}

impl Serialize for {name} {{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
        Said::from(self.clone()).serialize(serializer)
    }}
}}

impl From<{name}> for Said {{
    fn from(said: {name}) -> Self {{
        let (code, text) = (said.code().into(), said.text());
        Self {{ code, arguments: said.arguments(), text }}
    }}
}}

"
    )?;
    Ok(())
}

/// The expression that makes the English wording.
fn text(code: &Code<'_>) -> Result<String, Box<dyn Error>> {
    let wording = format!("{:?}", code.english);
    let (mut given, mut varies) = (String::new(), false);
    for (name, kind) in code
        .arguments
        .iter()
        .filter(|(name, _)| code.english.contains(&format!("{{{name}}}")))
    {
        match *kind {
            "Vec<String>" => write!(given, ", {name} = {name}.join(\", \")")?,
            _ => varies = true,
        }
    }
    if given.is_empty() && !varies {
        return Ok(format!("Cow::Borrowed({wording})"));
    }
    Ok(format!("Cow::Owned(format!({wording}{given}))"))
}

/// `on_warninglist` to `OnWarninglist`.
fn camel_case(code: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    code.split('_').map(word).collect()
}

/// The messages of the extension in a language with the wordings of all codes, as `said_CODE`.
pub fn worded(messages: &[u8], codes: &str, language: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut messages: Map<String, Value> = serde_json::from_slice(messages)?;
    let groups: Map<String, Value> = serde_json::from_str(codes)?;
    for (code, row) in groups.values().filter_map(Value::as_object).flatten() {
        messages.insert(format!("said_{code}"), serde_json::json!({"message": row[language]}));
    }
    Ok(serde_json::to_vec(&messages)?)
}
