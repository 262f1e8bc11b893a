//! Where the hall keeps what it remembers.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use toml::de::DeValue;
use url::Url;

use super::Kind;
use super::secret::read_place;
use crate::settings::given::{Given, Wrong};

/// A database: SQLite's file, or the address of a PostgreSQL, which may hold a password and is never shown.
#[derive(Clone, Debug)]
pub enum DatabaseAddress {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database of PostgreSQL: `postgres://user:password@host/name`.
    Postgres(SecretString),
}

/// `sqlite:FILE` or `postgres://…`, plain or as a secret.
pub(in crate::settings) struct Location;

impl Kind for Location {
    type Value = DatabaseAddress;

    fn words(&self) -> String {
        "\"sqlite:FILE\" or \"postgres://USER@HOST/NAME\"; may be a secret".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<DatabaseAddress, Vec<Wrong>> {
        let (text, is_plain) = match given.value.get_ref() {
            DeValue::Table(table) => match read_place(given, table)? {
                Some((address, _)) => (SecretString::from(address), false),
                None => return Ok(DatabaseAddress::Postgres(SecretString::default())),
            },
            _ => (SecretString::from(given.text()?), true),
        };
        let text = text.expose_secret().trim();
        if let Some(file) = text.strip_prefix("sqlite:") {
            return sqlite(given, file);
        }
        postgres(given, text, is_plain)
    }
}

fn sqlite(given: &Given<'_>, file: &str) -> Result<DatabaseAddress, Vec<Wrong>> {
    let file = file.strip_prefix("//").unwrap_or(file);
    if file.is_empty() || file.contains(['?', '\0']) || file == ":memory:" {
        return Err(given.wrong("a file belongs behind sqlite:, and nothing else"));
    }
    Ok(DatabaseAddress::Sqlite(given.surroundings.folder.join(file)))
}

fn postgres(given: &Given<'_>, text: &str, is_plain: bool) -> Result<DatabaseAddress, Vec<Wrong>> {
    let url = Url::parse(text).ok();
    let Some(url) = url.filter(|url| matches!(url.scheme(), "postgres" | "postgresql")) else {
        // What is written may hold a password, so it is not repeated.
        let subject = if is_plain { "this" } else { "what stands there" };
        return Err(
            given.wrong(format!("{subject} is neither a file of SQLite nor an address of PostgreSQL"))
        );
    };
    if is_plain && url.password().is_some() {
        let what = "this holds a password, and a secret does not stand in this file";
        let remedy =
            format!("move the whole address: write {} = {{ env = \"GUILDHALL_DATABASE\" }}", given.key);
        return Err(given.wrong_because(what, remedy));
    }
    Ok(DatabaseAddress::Postgres(SecretString::from(text)))
}
