//! What a browser without script makes of a page: its title, its words, its links and its forms.

use std::cell::RefCell;

use html5ever::tokenizer::states::{Rawtext, Rcdata};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A page as it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) title: String,
    /// What a person reads, a line for each paragraph.
    pub(super) lines: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) forms: Vec<Form>,
    /// Addresses of pictures, style sheets and scripts, as they stand in the page.
    pub(super) parts: Vec<String>,
}

/// Something to click.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub(super) words: String,
    pub(super) address: String,
}

/// Something to fill in and send.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) post: bool,
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
    pub(super) buttons: Vec<Button>,
}

/// A field of a form, hidden ones too.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    pub(super) label: String,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) hidden: bool,
}

/// What sends a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Button {
    pub(super) words: String,
    pub(super) name: String,
    pub(super) value: String,
}

/// Tags that begin a new line.
const BLOCKS: [&str; 21] = [
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "form", "table", "tr", "header", "main", "footer",
    "section", "article", "br", "hr", "body", "button", "select",
];

/// Tags whose words stand apart from those before.
const APART: [&str; 4] = ["span", "strong", "b", "img"];

/// Reads a page. Nothing in it can make this fail: what is not understood is left out.
pub(super) fn read(text: &str) -> Document {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(text.into());
    let _ended = tokenizer.feed(&input);
    tokenizer.end();
    let mut reading = tokenizer.sink.0.into_inner();
    reading.new_line();
    reading.document
}

#[derive(Default)]
struct Reader(RefCell<Reading>);

/// What is open while a page is read.
#[derive(Default)]
struct Reading {
    document: Document,
    line: String,
    link: Option<Link>,
    button: Option<Button>,
    label: Option<String>,
    /// Fields of the label that is open, by their place in the last form.
    labelled: Vec<usize>,
    in_title: bool,
    silent: bool,
    in_form: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reading = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => reading.words(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return reading.begin(&tag),
            Token::TagToken(tag) => reading.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    fn words(&mut self, text: &str) {
        if self.in_title {
            self.document.title.push_str(text);
        } else if !self.silent {
            let open = [
                self.link.as_mut().map(|link| &mut link.words),
                self.button.as_mut().map(|button| &mut button.words),
                self.label.as_mut(),
            ];
            open.into_iter().flatten().for_each(|words| add(words, text));
            if self.button.is_none() {
                add(&mut self.line, text);
            }
        }
    }

    fn begin(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if BLOCKS.contains(&name) {
            self.new_line();
        } else if APART.contains(&name) {
            self.words(" ");
        }
        match name {
            "title" => {
                // A drawing may have a title of its own.
                self.in_title = self.document.title.is_empty();
                self.silent = true;
                return TokenSinkResult::RawData(Rcdata);
            }
            "style" | "script" => {
                self.silent = true;
                self.document.parts.extend(attribute(tag, "src"));
                return TokenSinkResult::RawData(Rawtext);
            }
            "img" => self.document.parts.extend(attribute(tag, "src")),
            "link" => self.document.parts.extend(attribute(tag, "href")),
            "a" => {
                self.link = attribute(tag, "href").map(|address| Link { words: String::new(), address });
            }
            "label" => {
                self.label = Some(String::new());
                self.labelled.clear();
            }
            "form" => self.begin_form(tag),
            "input" | "textarea" => self.field(tag),
            "button" => {
                let [name, value] = ["name", "value"].map(|key| attribute(tag, key).unwrap_or_default());
                self.button = Some(Button { words: String::new(), name, value });
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn end(&mut self, name: &str) {
        match name {
            "title" | "style" | "script" => (self.in_title, self.silent) = (false, false),
            "a" => self
                .document
                .links
                .extend(self.link.take().map(|link| Link { words: trimmed(&link.words), ..link })),
            "label" => self.end_label(),
            "form" => self.in_form = false,
            "button" => self.end_button(),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.new_line();
        }
    }

    fn begin_form(&mut self, tag: &Tag) {
        let post = attribute(tag, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let action = attribute(tag, "action").unwrap_or_default();
        self.document.forms.push(Form { post, action, ..Form::default() });
        self.in_form = true;
    }

    fn field(&mut self, tag: &Tag) {
        let get = |key| attribute(tag, key).unwrap_or_default();
        let hidden = get("type").eq_ignore_ascii_case("hidden");
        let Some(form) = self.document.forms.last_mut().filter(|_| self.in_form) else { return };
        if self.label.is_some() {
            self.labelled.push(form.fields.len());
        }
        form.fields.push(Field { label: String::new(), name: get("name"), value: get("value"), hidden });
        if !hidden {
            add(&mut self.line, " ____ ");
        }
    }

    fn end_label(&mut self) {
        let label = trimmed(&self.label.take().unwrap_or_default());
        let Some(form) = self.document.forms.last_mut() else { return };
        for place in self.labelled.drain(..) {
            if let Some(field) = form.fields.get_mut(place) {
                field.label.clone_from(&label);
            }
        }
    }

    fn end_button(&mut self) {
        let Some(button) = self.button.take() else { return };
        let button = Button { words: trimmed(&button.words), ..button };
        self.line = format!("[{}]", button.words);
        if let Some(form) = self.document.forms.last_mut().filter(|_| self.in_form) {
            form.buttons.push(button);
        }
    }

    fn new_line(&mut self) {
        let line = trimmed(&std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.document.lines.push(line);
        }
    }
}

/// Adds words with every run of white space as one space.
fn add(words: &mut String, text: &str) {
    for letter in text.chars() {
        if !letter.is_whitespace() {
            words.push(letter);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
}

fn trimmed(words: &str) -> String {
    words.trim().to_owned()
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_page_is_read_as_a_person_without_script_reads_it() {
        let page = read(
            "<title>Log in · Harbor</title><style>p { color: red }</style><h1>Log\n  in</h1>\
             <form method=post action=/login><input type=hidden name=token value='a&amp;b'>\
             <p><label>Your name <input name=login></label><button name=go value=1>Go <b>in</b></button></form>\
             <p>or <a href='/away?a=1&amp;b=2'>go away</a></p><script>if (a < b) { p() }</script>",
        );
        assert_eq!(page.title, "Log in · Harbor");
        assert_eq!(page.lines, ["Log in", "Your name ____", "[Go in]", "or go away"]);
        assert_eq!(page.links[0].address, "/away?a=1&b=2");
        let form = &page.forms[0];
        assert!(form.post);
        assert_eq!((form.fields[0].value.as_str(), form.fields[0].hidden), ("a&b", true));
        assert_eq!((form.fields[1].label.as_str(), form.fields[1].name.as_str()), ("Your name", "login"));
        assert_eq!(form.buttons[0].words, "Go in");
    }
}
