//! One event of the log as the source writes it: `tracing::warn!(%guild, wait_s = 3, "a job failed")`.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

/// The levels, the loudest first.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// An event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) level: String,
    /// The module that writes it.
    pub(super) target: String,
    pub(super) message: String,
    /// The names of its fields, in their order.
    pub(super) fields: Vec<String>,
}

/// The events of one file, in its order. Refuses one whose message is not there to be read.
pub(super) fn events(target: &str, text: &str) -> Result<Vec<Event>, String> {
    let stream: TokenStream = text.parse().map_err(|reason| format!("{target} is not Rust: {reason}"))?;
    let mut found = Vec::new();
    collect(stream, target, &mut found)?;
    Ok(found)
}

fn collect(stream: TokenStream, target: &str, found: &mut Vec<Event>) -> Result<(), String> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let Some((level, group)) = tokens.get(at..).and_then(call) {
            found.push(event(target, level, group)?);
        }
        if let TokenTree::Group(group) = token {
            collect(group.stream(), target, found)?;
        }
    }
    Ok(())
}

/// `tracing::LEVEL!( … )`, at the beginning of these tokens.
fn call(tokens: &[TokenTree]) -> Option<(String, &Group)> {
    let [TokenTree::Ident(name), first, second, TokenTree::Ident(level), mark, TokenTree::Group(group), ..] =
        tokens
    else {
        return None;
    };
    let level = level.to_string();
    let is_path = *name == "tracing" && is_mark(first, ':') && is_mark(second, ':') && is_mark(mark, '!');
    (is_path && LEVELS.contains(&level.as_str()) && group.delimiter() == Delimiter::Parenthesis)
        .then_some((level, group))
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// Fields stand before the message; what follows it fills its braces.
fn event(target: &str, level: String, group: &Group) -> Result<Event, String> {
    let mut fields = Vec::new();
    for argument in arguments(group.stream()) {
        if let [TokenTree::Literal(literal)] = argument.as_slice() {
            return Ok(Event { level, target: target.to_owned(), message: unquoted(literal), fields });
        }
        fields.push(field(&argument));
    }
    Err(format!("an event of {target} has no message: write one behind its fields ({})", fields.join(", ")))
}

/// What stands between commas.
fn arguments(stream: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut all = vec![Vec::new()];
    for token in stream {
        match all.last_mut() {
            Some(last) if !is_mark(&token, ',') => last.push(token),
            _ => all.push(Vec::new()),
        }
    }
    all
}

/// The name of a field: before `=`, or the value itself without `%` and `?`.
fn field(argument: &[TokenTree]) -> String {
    let name = argument.iter().take_while(|token| !is_mark(token, '='));
    let name = name.filter(|token| !is_mark(token, '%') && !is_mark(token, '?'));
    name.map(ToString::to_string).collect()
}

/// The text of a literal, as a reader of the log sees it.
fn unquoted(literal: &Literal) -> String {
    let quoted = literal.to_string();
    let mut letters = quoted.trim_matches('"').chars().peekable();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            // A line that goes on: its indentation is not part of it.
            ('\\', Some('\n')) => while letters.next_if(|next| next.is_whitespace()).is_some() {},
            ('\\', Some(_)) => text.extend(letters.next()),
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Event {
        let mut found = events("service::jobs", &format!("fn f() {{ {text} }}")).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    #[test]
    fn an_event_is_found_with_its_level_fields_and_message() {
        for (text, level, fields, message) in [
            ("tracing::info!(\"open\");", "info", vec![], "open"),
            (
                "tracing::warn!(%guild, ?hint, wait_s = w.as_secs(), code, \"a job of {kind} failed\", kind = x());",
                "warn",
                vec!["guild", "hint", "wait_s", "code"],
                "a job of {kind} failed",
            ),
            (
                "tracing::error!(why = %incomplete, \"it \\\"broke\\\" \\\n                off\");",
                "error",
                vec!["why"],
                "it \"broke\" off",
            ),
        ] {
            let expected = Event {
                level: level.to_owned(),
                target: "service::jobs".to_owned(),
                message: message.to_owned(),
                fields: fields.into_iter().map(str::to_owned).collect(),
            };
            assert_eq!(one(text), expected);
        }
    }

    #[test]
    fn an_event_inside_another_call_is_found_and_others_macros_are_not() {
        let text = "fn f() { g(|| tracing::debug!(\"x\")); log::info!(\"y\"); println!(\"z\"); }";
        assert_eq!(events("web", text).unwrap().len(), 1);
    }

    #[test]
    fn an_event_without_a_message_is_refused() {
        let refused = events("web", "fn f() { tracing::info!(code); }").unwrap_err();
        assert!(refused.contains("web") && refused.contains("code"), "{refused}");
    }
}
