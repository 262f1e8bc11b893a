//! Reads tables of the settings file setting by setting, and gathers every problem on the way.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::given::{Given, Surroundings, Wrong, repeated, type_words};
use super::kinds::Kind;
use super::near::{most_alike, nearest};
use super::place::Place;
use super::problem::Problem;
use super::section::{Outline, Presence, Section, Times};

/// What is said of a setting that must be written and is not.
pub(super) const MISSING: &str = "is missing";

/// Problems as they are found.
#[derive(Default)]
pub(super) struct Found {
    problems: RefCell<Vec<Problem>>,
}

impl Found {
    pub(super) fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// One table of the file, or the absence of one.
pub(super) struct TableReader<'a> {
    /// `None` when the section is not in the file: every required setting in it is a problem then.
    table: Option<&'a DeTable<'a>>,
    /// Where the table begins.
    span: Range<usize>,
    /// `guild[0].role[2]`; empty for the whole file.
    path: String,
    outline: &'static Outline,
    surroundings: &'a Surroundings<'a>,
    found: &'a Found,
}

impl<'a> TableReader<'a> {
    /// The file as a whole.
    pub(super) fn whole(
        root: &'a DeTable<'a>,
        outline: &'static Outline,
        surroundings: &'a Surroundings<'a>,
        found: &'a Found,
    ) -> Self {
        let reader =
            Self { table: Some(root), span: 0..0, path: String::new(), outline, surroundings, found };
        reader.refuse_unknown();
        reader
    }

    /// One setting of this table: as written, else its default. `None` when there was a problem.
    pub(super) fn setting<K: Kind>(
        &self,
        key: &'static str,
        presence: Presence,
        kind: &K,
    ) -> Option<K::Value> {
        match (self.entry(key), presence) {
            (Some(value), _) => self.understood(key, presence, kind, value),
            (None, Presence::Default(default)) => self.default_value(key, presence, kind, default),
            (None, Presence::Required(example)) => {
                let remedy = format!("write {key} = {example} under {}", self.outline.header());
                self.refuse(key, self.span.clone(), MISSING.to_owned(), remedy);
                None
            }
        }
    }

    fn understood<K: Kind>(
        &self,
        key: &'static str,
        presence: Presence,
        kind: &K,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<K::Value> {
        match kind.read(&Given { key, presence, value, surroundings: self.surroundings }) {
            Ok(value) => Some(value),
            Err(wrongs) => {
                for Wrong { span, what, remedy } in wrongs {
                    self.refuse(key, span, what, remedy);
                }
                None
            }
        }
    }

    /// A default is read like a written value, so that there is one form of it; it stands at the section.
    fn default_value<K: Kind>(
        &self,
        key: &'static str,
        presence: Presence,
        kind: &K,
        default: &str,
    ) -> Option<K::Value> {
        let read = DeValue::parse(default).ok().and_then(|value| {
            kind.read(&Given { key, presence, value: &value, surroundings: self.surroundings }).ok()
        });
        if read.is_none() {
            let what = format!("its default {default} cannot be used here");
            self.refuse(key, self.span.clone(), what, format!("write {key} in the file"));
        }
        read
    }

    /// The section of that outline inside this one; absent when the file has none.
    pub(super) fn part(&self, outline: &'static Outline) -> Option<Self> {
        let value = self.entry(outline.name());
        match (value.map(|value| (value.get_ref(), value.span())), outline.times) {
            (Some((DeValue::Table(table), span)), _) => Some(self.inside(outline, Some(table), span, None)),
            (Some((other, span)), _) => {
                self.refuse_shape(outline, span, other);
                None
            }
            (None, Times::Once) => Some(self.inside(outline, None, self.span.clone(), None)),
            (None, Times::Maybe | Times::List(_)) => None,
        }
    }

    /// Reads a section that stands once.
    pub(super) fn section<S: Section>(&self) -> Option<S> {
        self.part(S::OUTLINE).and_then(|part| S::read(&part))
    }

    /// The sections of a list, in the order of the file, up to the most there may be.
    pub(super) fn list(&self, outline: &'static Outline) -> Vec<Self> {
        let Some(value) = self.entry(outline.name()) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::Array(items) => items,
            DeValue::Table(table) => {
                let what = "there may be several of these, so it stands in two pairs of brackets";
                let remedy = format!("write {}", outline.header());
                self.refuse(outline.name(), value.span(), what.to_owned(), remedy);
                return vec![self.inside(outline, Some(table), value.span(), Some(0))];
            }
            other => {
                self.refuse_shape(outline, value.span(), other);
                return Vec::new();
            }
        };
        let Times::List(most) = outline.times else { return Vec::new() };
        if let Some(one_too_many) = items.get(most) {
            let what = format!("there are {}, and {most} is the most", items.len());
            self.refuse(outline.name(), one_too_many.span(), what, "take some out".to_owned());
        }
        let mut readers = Vec::new();
        for (index, item) in items.iter().take(most).enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    readers.push(self.inside(outline, Some(table), item.span(), Some(index)));
                }
                other => self.refuse_shape(outline, item.span(), other),
            }
        }
        readers
    }

    fn inside(
        &self,
        outline: &'static Outline,
        table: Option<&'a DeTable<'a>>,
        span: Range<usize>,
        index: Option<usize>,
    ) -> Self {
        let mut path = self.key_path(outline.name());
        if let Some(index) = index {
            path.push_str(&format!("[{index}]"));
        }
        let reader = Self { table, span, path, outline, surroundings: self.surroundings, found: self.found };
        reader.refuse_unknown();
        reader
    }

    /// Where a secret of this table stands, in words.
    pub(super) fn secret_place(&self, key: &str) -> Option<String> {
        let DeValue::Table(place) = self.entry(key)?.get_ref() else { return None };
        let (kind, name) = place.iter().next()?;
        let name = name.get_ref().as_str()?;
        Some(match kind.get_ref().as_ref() {
            "env" => format!("the environment variable {name}"),
            _ => format!("the file {name}"),
        })
    }

    /// What stands under a name, or under a misspelt one that means it: the name is told once, and what stands
    /// there is not missed.
    fn entry(&self, name: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let table = self.table?;
        table.get(name).or_else(|| {
            let mut unknown = table.iter().filter(|(key, _)| !self.knows(key.get_ref()));
            let meant = |key: &str| most_alike(key, self.outline.names()) == Some(name);
            unknown.find(|(key, _)| meant(key.get_ref())).map(|(_, value)| value)
        })
    }

    fn knows(&self, name: &str) -> bool {
        self.outline.names().any(|known| known == name)
    }

    /// A text of this table as it stands, before anything is checked.
    pub(super) fn raw_text(&self, key: &str) -> Option<(&'a str, Range<usize>)> {
        let value = self.entry(key)?;
        Some((value.get_ref().as_str()?, value.span()))
    }

    /// The path of a setting of this table, and the line it stands in.
    pub(super) fn place_words(&self, key: &str, span: &Range<usize>) -> String {
        let place = Place::of(self.surroundings.text, span.start);
        format!("{} (line {})", self.key_path(key), place.line)
    }

    /// Notes a problem with one setting.
    pub(super) fn refuse(&self, key: &str, span: Range<usize>, what: String, remedy: String) {
        let place = Some(Place::of(self.surroundings.text, span.start));
        self.found.add(Problem { place, key: self.key_path(key), what, remedy });
    }

    fn refuse_shape(&self, outline: &Outline, span: Range<usize>, value: &DeValue<'_>) {
        let header = outline.header();
        let what = format!("this is a section, not {}", type_words(value));
        self.refuse(outline.name(), span, what, format!("open it by a line of its own: {header}"));
    }

    fn refuse_unknown(&self) {
        for (key, value) in self.table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if self.knows(name) {
                continue;
            }
            let what = match value.get_ref() {
                DeValue::Table(_) | DeValue::Array(_) if self.path.is_empty() => "there is no such section",
                _ => "there is no such setting",
            };
            let remedy = nearest(name, self.outline);
            let place = Some(Place::of(self.surroundings.text, key.span().start));
            let shown = repeated(name);
            let key = self.key_path(if is_bare(name) { name } else { &shown });
            self.found.add(Problem { place, key, what: what.to_owned(), remedy });
        }
    }

    fn key_path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// A name that TOML takes without quotes, and short enough to be shown as it is.
fn is_bare(name: &str) -> bool {
    const SHOWN_CHARS_MAX: usize = 60;
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !name.is_empty() && name.len() <= SHOWN_CHARS_MAX && name.chars().all(bare)
}
