//! The settings file, `guildhall.toml`: read, checked, and every problem told at once.
//!
//! A section is a file here, a setting is a field in it: documentation, type, kind and default stand together,
//! and the reader, `guildhall.example.toml` and `docs/reference/settings.md` come from that one place.
//!
//! | module | holds |
//! | --- | --- |
//! | [`hall`], [`database`], [`discord`], [`source`], [`guild`] | the sections |
//! | `kinds` | the kinds of values: how each is written, read and refused |
//! | `section`, `reader`, `given` | how sections are declared and read |
//! | [`problem`], [`place`] | what is wrong and where |
//! | [`fixed`], `owner` | what changes only by a restart; whose file it is |
//! | `unruled` | what is left of a file whose rules are wrong |
//! | [`document`] | the example and the reference |

pub mod database;
pub mod discord;
pub mod document;
mod file;
pub mod fixed;
mod given;
pub mod guild;
pub mod hall;
mod inside_text;
mod kinds;
mod near;
pub(crate) mod owner;
pub mod place;
pub mod problem;
mod reader;
mod section;
pub mod source;
mod syntax;
mod unique;
mod unruled;

use std::path::{Path, PathBuf};

use domain::facts::{FactSpec, Schema};
use toml::de::DeTable;

use self::database::Database;
use self::discord::Discord;
pub use self::file::FILE_BYTES_MAX;
use self::fixed::Fixed;
use self::given::Surroundings;
use self::guild::{Guild, GuildSection};
use self::hall::Hall;
use self::problem::{Problem, Problems};
use self::reader::{Found, TableReader};
use self::section::{Outline, Section, Times};
use self::source::Source;

/// The whole file.
const OUTLINE: Outline = Outline {
    path: "",
    times: Times::Once,
    about: &[],
    settings: &[],
    parts: &[Hall::OUTLINE, Database::OUTLINE, Discord::OUTLINE, Source::OUTLINE, GuildSection::OUTLINE],
};

/// Everything a person decides about a hall. Can be printed: secrets cannot be seen in it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file they were read from.
    pub file: PathBuf,
    /// The hall itself.
    pub hall: Hall,
    /// Where it keeps what it remembers.
    pub database: Database,
    /// The application and its bot.
    pub discord: Discord,
    /// Where the bot's token stands, in words: "the environment variable GUILDHALL_BOT_TOKEN".
    pub bot_token_place: String,
    /// Where facts come from.
    pub sources: Vec<Source>,
    /// The facts of those sources, in their order.
    pub schema: Schema,
    /// What holds until the next start.
    pub fixed: Fixed,
    /// The servers that follow.
    pub guilds: Vec<Guild>,
    /// What is wrong with the rules, where that was no reason to refuse: then no server has any.
    pub wrong_rules: Option<Problems>,
}

impl Settings {
    /// Reads a settings file of at most [`FILE_BYTES_MAX`]. `environment` answers `{ env = "NAME" }`;
    /// `schema_of` says which facts a kind of source (`discourse`) can state.
    ///
    /// Refuses with all problems at once; none of them shows the value of a secret.
    pub fn load(
        path: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
        schema_of: &dyn Fn(&str) -> Vec<FactSpec>,
    ) -> Result<Self, Problems> {
        Self::parse(&text_of(path)?, path, environment, schema_of)
    }

    /// As [`Settings::load`], for what needs no secret: none is looked for, each is empty, and a database whose
    /// address is a secret is one without a name.
    pub fn load_without_secrets(
        path: &Path,
        schema_of: &dyn Fn(&str) -> Vec<FactSpec>,
    ) -> Result<Self, Problems> {
        Self::read(&text_of(path)?, path, (Secrets::Left, Rules::InOrder), schema_of)
    }

    /// As [`Settings::load`], for what needs no rules: where nothing is wrong but what servers follow, the servers come
    /// without their rules.
    pub fn load_rules_or_not(
        path: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
        schema_of: &dyn Fn(&str) -> Vec<FactSpec>,
    ) -> Result<Self, Problems> {
        Self::read(&text_of(path)?, path, (Secrets::Read(environment), Rules::MayBeWrong), schema_of)
    }

    /// Reads settings from a text, as if it stood in the file `path`.
    pub fn parse(
        text: &str,
        path: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
        schema_of: &dyn Fn(&str) -> Vec<FactSpec>,
    ) -> Result<Self, Problems> {
        Self::read(text, path, (Secrets::Read(environment), Rules::InOrder), schema_of)
    }

    /// Reads the servers of a settings file, or of a file that holds nothing else, for rules that are only tried.
    /// They may name the facts of `schema`, whatever sources the file names.
    pub fn rules_in(path: &Path, schema: &Schema) -> Result<Vec<Guild>, Problems> {
        let text = text_of(path)?;
        let (root, errors) = DeTable::parse_recoverable(&text);
        let folder = path.parent().unwrap_or(Path::new(""));
        let surroundings = Surroundings {
            text: &text,
            folder,
            environment: NOTHING_SET,
            schema,
            sources_are_named: true,
            secrets_are_read: false,
        };
        let found = Found::default();
        let whole = TableReader::whole(root.get_ref(), &OUTLINE, &surroundings, &found);
        let guilds: Option<Vec<Guild>> = guild::read_all(&whole).into_iter().collect();
        let problems = syntax::with_errors(&text, &errors, found.into_problems());
        match guilds {
            Some(guilds) if problems.is_empty() => Ok(guilds),
            _ => Err(Problems::new(path, problems)),
        }
    }

    fn read(
        text: &str,
        path: &Path,
        (secrets, rules): (Secrets<'_>, Rules),
        schema_of: &dyn Fn(&str) -> Vec<FactSpec>,
    ) -> Result<Self, Problems> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let folder = path.parent().unwrap_or(Path::new(""));
        let found = Found::default();
        let (environment, secrets_are_read) = match secrets {
            Secrets::Read(environment) => (environment, true),
            Secrets::Left => (NOTHING_SET, false),
        };
        let without_facts = Surroundings {
            text,
            folder,
            environment,
            schema: &Schema::default(),
            sources_are_named: true,
            secrets_are_read,
        };
        let (schema, sources_are_named) = source::schema(
            &TableReader::whole(root.get_ref(), &OUTLINE, &without_facts, &Found::default()),
            schema_of,
        );
        let surroundings = Surroundings { schema: &schema, sources_are_named, ..without_facts };
        let whole = TableReader::whole(root.get_ref(), &OUTLINE, &surroundings, &found);
        let (sections, guilds) = read(&whole);
        let without_rules =
            if rules == Rules::MayBeWrong { guild::without_rules(&whole) } else { Vec::new() };
        let bot_token_place = whole.part(Discord::OUTLINE).and_then(|part| part.secret_place("bot_token"));
        let problems = syntax::with_errors(text, &errors, found.into_problems());
        let is_rest_in_order = !without_rules.is_empty() && unruled::is_rest_in_order(text, &problems);
        let ((hall, database, discord, sources), guilds, wrong_rules) = match (sections, guilds) {
            (Some(sections), Some(guilds)) if problems.is_empty() => (sections, guilds, None),
            (Some(sections), _) if is_rest_in_order => {
                (sections, without_rules, Some(Problems::new(path, problems)))
            }
            _ => return Err(Problems::new(path, problems)),
        };
        Ok(Self {
            file: path.to_owned(),
            hall,
            database,
            discord,
            bot_token_place: bot_token_place.unwrap_or_else(|| "the place of bot_token".to_owned()),
            sources,
            schema,
            fixed: Fixed::of(text),
            guilds,
            wrong_rules,
        })
    }
}

/// Whether secrets are read, and by which environment.
#[derive(Clone, Copy)]
enum Secrets<'a> {
    Read(&'a dyn Fn(&str) -> Option<String>),
    Left,
}

/// Whether rules that are wrong refuse the whole file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    InOrder,
    MayBeWrong,
}

/// An environment without any variable.
const NOTHING_SET: &dyn Fn(&str) -> Option<String> = &|_| None;

fn text_of(path: &Path) -> Result<String, Problems> {
    file::read(path).map_err(|(what, remedy)| {
        Problems::new(path, vec![Problem { place: None, key: String::new(), what, remedy }])
    })
}

type Sections = (Hall, Database, Discord, Vec<Source>);

/// Reads everything before it gives up, so that all problems are told.
fn read(whole: &TableReader<'_>) -> (Option<Sections>, Option<Vec<Guild>>) {
    let hall = whole.section();
    let database = whole.section();
    let discord = whole.section();
    let sources: Option<Vec<Source>> = source::read_all(whole).into_iter().collect();
    let guilds = guild::read_all(whole).into_iter().collect();
    let sections = || Some((hall?, database?, discord?, sources?));
    (sections(), guilds)
}
