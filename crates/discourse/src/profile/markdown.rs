//! A biography's HTML as Markdown that Discord shows. The HTML is the person's own and nothing in it is trusted.

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::options::{BulletListMarker, Options};
use htmd::{Element, HtmlToMarkdown};
use url::Url;

/// The longest text that comes out, in characters.
const CHARS_MAX: usize = 1000;

/// The most HTML that is looked at: bytes, and tags. The converter works by recursion, so that its depth, which
/// is never above the number of tags, must be bounded before it begins.
const HTML_BYTES_MAX: usize = 64 * 1024;
const TAGS_MAX: usize = 600;

/// Tags of which nothing is shown.
const HIDDEN_TAGS: &[&str] = &[
    "script", "style", "head", "iframe", "svg", "math", "object", "embed", "video", "audio", "template",
    "noscript",
];

/// Invisible, and puts a mention or a mark of Discord's out of action.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// What Discord would read as a mention, a time, a command or an emoji when it follows `<`.
const MARKS_AFTER_ANGLE: &[char] = &['@', '#', ':', 'a', 't', '/', 'i'];

/// Converts; `None` when nothing is left, or when the HTML is larger or more intricate than a biography is.
/// Links and pictures become absolute links to `http` and `https`; other links are only their text.
pub(super) fn from_html(html: &str, base: &Url) -> Option<String> {
    let tags = html.bytes().filter(|byte| *byte == b'<').count();
    if html.len() > HTML_BYTES_MAX || tags > TAGS_MAX {
        return None;
    }
    let (for_links, for_pictures) = (base.clone(), base.clone());
    let options = Options {
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    let converter = HtmlToMarkdown::builder()
        .options(options)
        .skip_tags(HIDDEN_TAGS.to_vec())
        .add_handler(vec!["a"], move |handlers: &dyn Handlers, element: Element| {
            Some(link(handlers, &element, &for_links))
        })
        .add_handler(vec!["img"], move |_: &dyn Handlers, element: Element| picture(&element, &for_pictures))
        .build();
    let text = converter.convert(html).ok()?;
    let text = cut(&neutral(&text), CHARS_MAX);
    (!text.is_empty()).then_some(text)
}

fn attribute(element: &Element, name: &str) -> Option<String> {
    let found = element.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.to_string())
}

/// An address that Discord links: absolute, and without the characters that would end it.
fn absolute(base: &Url, address: &str) -> Option<String> {
    let address = base.join(address.trim()).ok()?;
    matches!(address.scheme(), "http" | "https")
        .then(|| address.to_string().replace('(', "%28").replace(')', "%29"))
}

fn link(handlers: &dyn Handlers, element: &Element, base: &Url) -> HandlerResult {
    let content = handlers.walk_children(element.node).content;
    let address = attribute(element, "href").and_then(|address| absolute(base, &address));
    let Some(address) = address else { return content.into() };
    let words = content.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.contains("](") {
        return words.into();
    }
    // A text that looks like an address must not hide another one.
    if words.is_empty() || words.contains("://") {
        return address.into();
    }
    format!("[{words}]({address})").into()
}

fn picture(element: &Element, base: &Url) -> Option<HandlerResult> {
    let words = attribute(element, "alt").unwrap_or_default().replace(['[', ']', '\n', '\r'], " ");
    let words = words.trim();
    if attribute(element, "class")
        .is_some_and(|classes| classes.split_whitespace().any(|class| class == "emoji"))
    {
        return Some(words.into());
    }
    let address = attribute(element, "src").and_then(|address| absolute(base, &address))?;
    let words = if words.is_empty() || words.contains("://") { "image" } else { words };
    Some(format!("[{words}]({address})").into())
}

/// Without what turns text around or hides it, and without anything that would notify somebody.
fn neutral(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().filter(|c| *c == '\n' || !is_trick(*c)).peekable();
    while let Some(character) = characters.next() {
        plain.push(character);
        if character == '<' && characters.peek().is_some_and(|next| MARKS_AFTER_ANGLE.contains(next)) {
            plain.push(ZERO_WIDTH_SPACE);
        }
    }
    for mention in ["everyone", "here"] {
        plain = plain.replace(&format!("@{mention}"), &format!("@{ZERO_WIDTH_SPACE}{mention}"));
    }
    plain.trim().to_owned()
}

fn is_trick(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// At most `chars_max` characters, cut between words and never within a link.
fn cut(text: &str, chars_max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars_max) else { return text.to_owned() };
    let room = text.get(..end).unwrap_or_default();
    let fence = "\n```";
    let room =
        room.char_indices().nth_back(fence.len() + 1).and_then(|(at, _)| room.get(..at)).unwrap_or_default();
    let mut head = room.rfind(char::is_whitespace).and_then(|at| room.get(..at)).unwrap_or(room);
    if let Some(open) = head.rfind('[')
        && !is_closed(head.get(open..).unwrap_or_default())
    {
        head = head.get(..open).unwrap_or_default();
    }
    let open_fence = head.matches("```").count() % 2 == 1;
    format!("{}…{}", head.trim_end(), if open_fence { fence } else { "" })
}

/// Whether a link that begins here also ends here.
fn is_closed(link: &str) -> bool {
    match link.split_once(']') {
        Some((_, rest)) if rest.starts_with('(') => rest.contains(')'),
        Some(_) => true,
        None => false,
    }
}
