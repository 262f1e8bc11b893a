//! Reads a nickname's template: `{source.fact}` between text, `{{` and `}}` for the brackets themselves.

use std::ops::Range;

use super::template::{Part, Template};
use super::{NICKNAME_UNITS_MAX, TEMPLATE_BYTES_MAX};
use crate::facts::{FactRef, FactType, Schema};
use crate::rules::{Mistake, nearest};

/// The fact that says what a person is called.
const NAME: &str = "name";

/// The fact that every account of its source has.
const USERNAME: &str = "username";

impl Template {
    /// Reads a template against the facts that exist. Refuses more than [`TEMPLATE_BYTES_MAX`], facts that
    /// are neither text nor number, a template without any fact (everybody would be called the same), and
    /// more fixed text than a nickname has room for. Says everything that is wrong at once.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, Vec<Mistake>> {
        let whole = 0..text.len();
        if text.len() > TEMPLATE_BYTES_MAX {
            let what = format!("a template of {} bytes is too long", text.len());
            return Err(vec![Mistake::new(
                &whole,
                what,
                format!("keep it under {TEMPLATE_BYTES_MAX} bytes"),
            )]);
        }
        let mut reader = Reader { text, schema, parts: Vec::new(), mistakes: Vec::new(), last_resort: None };
        reader.read();
        if reader.mistakes.is_empty() {
            reader.look_at_the_whole(&whole);
        }
        if reader.mistakes.is_empty() {
            Ok(Self { text: text.to_owned(), parts: reader.parts, last_resort: reader.last_resort })
        } else {
            Err(reader.mistakes)
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    schema: &'a Schema,
    parts: Vec<Part>,
    mistakes: Vec<Mistake>,
    last_resort: Option<FactRef>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = self.text.get(at..).unwrap_or("");
            at += if rest.starts_with("{{") || rest.starts_with("}}") {
                self.literal(c);
                2
            } else if c == '{' {
                self.field(at, rest)
            } else {
                if c == '}' {
                    let remedy = "write `}}` for the bracket itself";
                    self.mistakes.push(Mistake::new(
                        &(at..at + 1),
                        "nothing was opened that this closes",
                        remedy,
                    ));
                }
                self.literal(c);
                c.len_utf8()
            };
        }
    }

    fn literal(&mut self, c: char) {
        if let Some(Part::Literal(text)) = self.parts.last_mut() {
            text.push(c);
        } else {
            self.parts.push(Part::Literal(c.to_string()));
        }
    }

    /// Reads `{source.fact}` and returns its length in bytes.
    fn field(&mut self, at: usize, rest: &str) -> usize {
        let length = rest.find('}').map_or(rest.len(), |end| end + 1);
        let span = at..at + length;
        let Some(inside) = rest.get(1..length).and_then(|field| field.strip_suffix('}')) else {
            let remedy = "close it with `}`, or write `{{` for the bracket itself";
            self.mistakes.push(Mistake::new(&span, "this bracket is not closed", remedy));
            return length;
        };
        match self.fact(inside.trim()) {
            Ok(part) => self.parts.push(part),
            Err((what, remedy)) => self.mistakes.push(Mistake::new(&span, what, remedy)),
        }
        length
    }

    fn fact(&mut self, name: &str) -> Result<Part, (String, String)> {
        let example = "write source and fact, as in `{forum.name}`".to_owned();
        let Some((source, fact)) = name.split_once('.') else {
            let with =
                self.schema.sources.iter().find(|source| source.facts.iter().any(|known| known.name == name));
            let remedy = with.map_or(example, |source| format!("write `{{{}.{name}}}`", source.name));
            return Err((format!("`{name}` does not say which source it comes from"), remedy));
        };
        let Some(found) = self.schema.find(source, fact) else { return Err(self.wrong_name(source, fact)) };
        let kind = self.schema.spec(found).map(|spec| spec.kind);
        if !matches!(kind, Some(FactType::Text | FactType::Int)) {
            let what = format!("`{name}` is no text");
            return Err((what, "put texts and numbers into a nickname, such as `{forum.title}`".to_owned()));
        }
        let username = self.schema.find(source, USERNAME);
        self.last_resort = self.last_resort.or(username);
        Ok(match fact {
            NAME => Part::Name { name: found, username },
            USERNAME => Part::Name { name: found, username: None },
            _ => Part::Fact(found),
        })
    }

    fn wrong_name(&self, source: &str, fact: &str) -> (String, String) {
        let known = self.schema.sources.iter().find(|known| known.name.as_str() == source);
        let (what, near) = match known {
            Some(known) => {
                let near = nearest(fact, known.facts.iter().map(|fact| fact.name.as_ref()));
                (format!("`{source}` has no fact `{fact}`"), near.map(|near| format!("{source}.{near}")))
            }
            None => {
                let near = nearest(source, self.schema.sources.iter().map(|known| known.name.as_str()));
                (format!("there is no source `{source}`"), near.map(|near| format!("{near}.{fact}")))
            }
        };
        let remedy = near.map_or_else(
            || "write source and fact, as in `{forum.name}`".to_owned(),
            |near| format!("did you mean `{{{near}}}`?"),
        );
        (what, remedy)
    }

    fn look_at_the_whole(&mut self, whole: &Range<usize>) {
        let mut fixed_units = 0;
        let mut facts = 0;
        for part in &self.parts {
            match part {
                Part::Literal(text) => fixed_units += text.encode_utf16().count(),
                _ => facts += 1,
            }
        }
        if facts == 0 {
            let remedy = "name a fact in curly brackets, as in `{forum.name}`";
            self.mistakes.push(Mistake::new(whole, "everybody would be called the same", remedy));
        } else if fixed_units >= NICKNAME_UNITS_MAX {
            let what =
                format!("the fixed text alone fills the {NICKNAME_UNITS_MAX} characters of a nickname");
            self.mistakes.push(Mistake::new(whole, what, "write less of it"));
        }
    }
}
