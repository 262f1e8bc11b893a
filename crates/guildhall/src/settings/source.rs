//! `[[source]]`: a place that says who people are.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::facts::{FactSpec, Schema, SourceSchema};
use domain::ids::SourceName;
use secrecy::SecretString;
use url::Url;

use super::kinds::{self, Choice, Choices, RuleName, Secret, Span, Text, WholeNumber};
use super::reader::TableReader;
use super::section::{Section, Times, section};
use super::unique::refuse_twins;

/// The most sources of one hall.
pub const SOURCES_MAX: usize = 32;

/// Discourse's `max_admin_api_reqs_per_minute`.
const CALLS_BECAUSE: &str = "a forum allows 60 calls a minute for all keys together";

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A forum that runs Discourse.
    Discourse,
}

impl SourceKind {
    fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// All kinds there are.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::WORDS.iter().map(|(_, kind)| *kind)
    }

    /// The word for it in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Discourse => "discourse",
        }
    }
}

impl Choices for SourceKind {
    const WORDS: &'static [(&'static str, Self)] = &[("discourse", Self::Discourse)];
}

section! {
    /// A place that says who people are: a forum. One section for each.
    pub struct Source in "source" Times::List(SOURCES_MAX);

    /// What rules call it: `forum.trust_level`. A new name for the same address renames it.
    name: SourceName = RuleName, Required "\"forum\"";

    /// What it is.
    kind: SourceKind = Choice::<SourceKind>::NEW, Default "\"discourse\"";

    /// Where it is.
    address: Url = kinds::Forum, Required "\"https://forum.example.org\"";

    /// A key to its API (Admin, API, New API Key): all users, read only is enough.
    api_key: SecretString = Secret { characters_min: 1 }, Required "{ env = \"GUILDHALL_FORUM_API_KEY\" }";

    /// Whose name the key is used in.
    api_username: String = Text { characters_max: 60 }, Default "\"system\"";

    /// The secret by which people prove who they are on the forum
    /// (Admin, Settings, discourse connect provider secrets: the hall's host and this secret).
    connect_secret: SecretString = Secret { characters_min: 10 },
        Required "{ env = \"GUILDHALL_FORUM_CONNECT_SECRET\" }";

    /// The secret by which the forum signs its webhooks (Admin, API, Webhooks, to /hooks/NAME here).
    webhook_secret: SecretString = Secret { characters_min: 12 },
        Required "{ env = \"GUILDHALL_FORUM_WEBHOOK_SECRET\" }";

    /// How many calls a minute the hall may make. The forum allows 60 for all keys together.
    calls_per_minute: u32 = WholeNumber { least: 1, most: 60, because: CALLS_BECAUSE },
        Default "30";

    /// How often the forum's staff log is read: it says what webhooks leave out.
    staff_log_every: Duration = Span::seconds_to_days(10, 1), Default "\"30s\"";
}

/// Reads all sources; two of one name or one address are refused.
pub(super) fn read_all(whole: &TableReader<'_>) -> Vec<Option<Source>> {
    let tables = whole.list(Source::OUTLINE);
    let remedy = "give each source a name of its own";
    refuse_twins(&tables, "name", str::to_owned, remedy);
    let remedy = "one section for each forum is enough: take one of them out";
    refuse_twins(&tables, "address", same_address, remedy);
    tables.iter().map(Source::read).collect()
}

/// The facts of all sources that have a name, even when something else about them is wrong; and whether all have
/// one.
pub(super) fn schema(whole: &TableReader<'_>, schema_of: &dyn Fn(&str) -> Vec<FactSpec>) -> (Schema, bool) {
    let mut by_kind = BTreeMap::new();
    let mut schema = Schema::default();
    let mut all_named = true;
    for table in whole.list(Source::OUTLINE) {
        let Some(name) = table.raw_text("name").and_then(|(name, _)| SourceName::new(name)) else {
            all_named = false;
            continue;
        };
        // A kind that does not exist is told where it stands, not at every rule.
        let kind = table.raw_text("kind").and_then(|(kind, _)| SourceKind::of(kind));
        let kind = kind.unwrap_or(SourceKind::Discourse).word();
        let facts = by_kind.entry(kind).or_insert_with(|| schema_of(kind)).clone();
        schema.sources.push(SourceSchema { name, facts });
    }
    (schema, all_named)
}

fn same_address(address: &str) -> String {
    let address = Url::parse(address).map_or_else(|_| address.to_owned(), String::from);
    address.trim_end_matches('/').to_owned()
}
