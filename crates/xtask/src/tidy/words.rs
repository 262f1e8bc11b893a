//! A Rust file as a row of words with their lines: no comments, and text in quotes stays one word.
//!
//! Rules look for short rows of words. Names that hide behind `use … as …` are clippy's business, which resolves
//! them; these rules are about what a reader sees.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One identifier, literal, bracket or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// The first line is 1.
    pub(super) line: usize,
}

/// The words of this text. A text that is not Rust has none; rustc says what is wrong with it.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    if let Ok(stream) = text.parse::<TokenStream>() {
        collect(stream, &mut words);
    }
    words
}

fn collect(stream: TokenStream, words: &mut Vec<Word>) {
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                words.push(Word { text: open.to_owned(), line: group.span_open().start().line });
                collect(group.stream(), words);
                words.push(Word { text: close.to_owned(), line: group.span_close().start().line });
            }
            TokenTree::Ident(name) => {
                words.push(Word { text: name.to_string(), line: name.span().start().line });
            }
            TokenTree::Punct(mark) => {
                words.push(Word { text: mark.to_string(), line: mark.span().start().line });
            }
            TokenTree::Literal(literal) => {
                words.push(Word { text: literal.to_string(), line: literal.span().start().line });
            }
        }
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Where a row of words begins. The row is written with spaces, `::` may be joined: `SystemTime::now (`.
pub(super) fn find<'words>(words: &'words [Word], row: &str) -> Vec<&'words [Word]> {
    let row = row.replace("::", " : : ");
    let row: Vec<&str> = row.split_whitespace().collect();
    let begins = |rest: &[Word]| {
        rest.len() >= row.len() && rest.iter().zip(&row).all(|(word, expected)| word.text == *expected)
    };
    (0..words.len()).filter_map(|start| words.get(start..)).filter(|rest| begins(rest)).collect()
}

/// The words up to the bracket that closes the first one of `words`, both included.
pub(super) fn group(words: &[Word]) -> &[Word] {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate() {
        match word.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return words.get(..=index).unwrap_or(words);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_quoted_text_are_not_words() {
        let found = words("// async\nlet a = \"async fn\"; /* async */ async_();");
        assert!(found.iter().all(|word| word.text != "async"));
        assert_eq!(found.last().map(|word| word.line), Some(2));
    }

    #[test]
    fn a_row_is_found_with_its_line() {
        let all = words("fn f() {\n    std::time::SystemTime::now();\n}");
        let found = find(&all, "SystemTime::now (");
        assert_eq!(
            found.iter().filter_map(|rest| rest.first()).map(|word| word.line).collect::<Vec<_>>(),
            [2]
        );
        assert!(find(&all, "SystemTime::then").is_empty());
    }

    #[test]
    fn a_group_ends_at_its_own_bracket() {
        let all = words("(a, (b), [c]) d");
        assert_eq!(group(&all).len(), 11);
        assert_eq!(group(&all).last().map(|word| word.text.as_str()), Some(")"));
    }
}
