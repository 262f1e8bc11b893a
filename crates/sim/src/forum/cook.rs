//! Markdown as the forum cooks it, as far as profiles and short posts need it.

use pulldown_cmark::{CowStr, Event, Options, Parser, html};

use super::answer::escaped;

/// Letters of an excerpt, marks not counted.
const EXCERPT_LETTERS: usize = 350;

/// HTML of a Markdown text: raw HTML is dropped, mentions become links.
pub(crate) fn cooked(raw: &str) -> String {
    let events = Parser::new_ext(raw, Options::empty()).filter_map(|event| match event {
        Event::Html(_) | Event::InlineHtml(_) => None,
        Event::Text(text) if text.contains('@') => Some(Event::InlineHtml(CowStr::from(mentions(&text)))),
        other => Some(other),
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page.trim_end().replace("<a href=\"http", "<a rel=\"noopener nofollow ugc\" href=\"http")
}

fn mentions(text: &str) -> String {
    let mut cooked = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let name_letters = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        match word.strip_prefix('@').and_then(|rest| {
            let end = rest.find(|letter| !name_letters(letter)).unwrap_or(rest.len());
            rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())
        }) {
            Some((name, rest)) => {
                cooked.push_str(&format!(
                    "<a class=\"mention\" href=\"/u/{0}\">@{0}</a>{1}",
                    escaped(name),
                    escaped(rest)
                ));
            }
            None => cooked.push_str(&escaped(word)),
        }
    }
    cooked
}

/// The beginning of cooked HTML: links and images stay, other marks go.
pub(crate) fn excerpt(cooked: &str) -> String {
    let mut short = String::new();
    let mut letters = 0;
    for (at, piece) in cooked.split('<').enumerate() {
        let (tag, text) = match at {
            0 => ("", piece),
            _ => piece.split_once('>').unwrap_or((piece, "")),
        };
        if tag.starts_with("a ") || tag == "/a" || tag.starts_with("img ") {
            short.push_str(&format!("<{tag}>"));
        }
        let room = EXCERPT_LETTERS.saturating_sub(letters);
        short.extend(text.chars().take(room));
        letters += text.chars().count();
    }
    short.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_the_html_of_the_forum() {
        for (raw, expected) in [
            ("We **make** things.", "<p>We <strong>make</strong> things.</p>"),
            ("Ask @leo, please", "<p>Ask <a class=\"mention\" href=\"/u/leo\">@leo</a>, please</p>"),
            ("one <script>alert(1)</script> two", "<p>one alert(1) two</p>"),
            ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ] {
            assert_eq!(cooked(raw), expected, "{raw}");
        }
    }

    #[test]
    fn an_excerpt_keeps_links_and_drops_the_rest() {
        let page = cooked("We **make** [things](https://a.test/).");
        assert_eq!(
            excerpt(&page),
            "We make <a rel=\"noopener nofollow ugc\" href=\"https://a.test/\">things</a>."
        );
    }
}
