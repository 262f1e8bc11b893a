//! The answers so far: the settings file as it grows, and a file for each secret that only its owner reads.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use toml::{Table, Value};
use url::Url;

use crate::commands::doctor::ended;
use crate::commands::facts::facts_of;
use crate::settings::problem::Problem;
use crate::settings::{FILE_BYTES_MAX, Settings, document};

/// The folder of secrets, beside the settings file.
const SECRETS: &str = "secrets";

/// One setting: its section and its name. Of sections that may stand there often, the first is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) &'static str, pub(super) &'static str);

impl Key {
    pub(super) const PUBLIC_ADDRESS: Self = Self("hall", "public_address");
    pub(super) const APPLICATION_ID: Self = Self("discord", "application_id");
    pub(super) const BOT_TOKEN: Self = Self("discord", "bot_token");
    pub(super) const CLIENT_SECRET: Self = Self("discord", "client_secret");
    pub(super) const MEMBERS_INTENT: Self = Self("discord", "members_intent");
    pub(super) const SOURCE_NAME: Self = Self("source", "name");
    pub(super) const FORUM_ADDRESS: Self = Self("source", "address");
    pub(super) const API_KEY: Self = Self("source", "api_key");
    pub(super) const API_USERNAME: Self = Self("source", "api_username");
    pub(super) const CONNECT_SECRET: Self = Self("source", "connect_secret");
    pub(super) const WEBHOOK_SECRET: Self = Self("source", "webhook_secret");
    pub(super) const GUILD_ID: Self = Self("guild", "id");
    pub(super) const STAFF_CHANNEL: Self = Self("guild", "staff_channel");
    pub(super) const ROLES: Self = Self("guild", "role");
    pub(super) const NICKNAME: Self = Self("guild", "nickname");

    fn is_list(self) -> bool {
        matches!(self.0, "source" | "guild")
    }

    /// As problems name it: `source[0].address`.
    fn path(self) -> String {
        let number = if self.is_list() { "[0]" } else { "" };
        format!("{}{number}.{}", self.0, self.1)
    }
}

/// The settings file as it grows.
pub(super) struct Draft {
    file: PathBuf,
    answers: Table,
    /// Whether the file on the disk is what this program wrote, so that nothing of the owner's is lost.
    is_ours: bool,
    /// A secret that is being tried: it takes the place of the one that is kept only once it works.
    on_trial: Option<(Key, SecretString)>,
}

impl Draft {
    /// Reads what was answered before; nothing yet where there is no file.
    ///
    /// Refuses a file that is no TOML: what stands in it would be lost.
    pub(super) fn open(file: &Path) -> Result<Self, String> {
        let text = match fs::metadata(file) {
            Ok(metadata) if metadata.len() > FILE_BYTES_MAX => {
                return Err(format!("{} is too large", file.display()));
            }
            Ok(_) => fs::read_to_string(file)
                .map_err(|error| format!("could not read {}: {error}", file.display()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("could not read {}: {error}", file.display())),
        };
        let answers: Table = text.parse().map_err(|_| {
            format!(
                "{} cannot be understood, so nothing is written to it; `guildhall check` says what is wrong with it",
                file.display()
            )
        })?;
        let is_ours = text.is_empty() || document::filled(&answers) == text;
        Ok(Self { file: file.to_owned(), answers, is_ours, on_trial: None })
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    fn folder(&self) -> PathBuf {
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
    }

    pub(super) fn value(&self, key: Key) -> Option<&Value> {
        let section = match self.answers.get(key.0)? {
            Value::Array(all) => all.first()?.as_table()?,
            section => section.as_table()?,
        };
        section.get(key.1)
    }

    pub(super) fn text(&self, key: Key) -> Option<&str> {
        self.value(key)?.as_str()
    }

    pub(super) fn address(&self, key: Key) -> Option<Url> {
        self.text(key)?.parse().ok()
    }

    /// Keeps an answer. Refuses one that the settings refuse, with what is wrong and what to do.
    pub(super) fn keep(&mut self, key: Key, value: Value) -> Result<(), String> {
        let mut answers = self.answers.clone();
        put(&mut answers, key, value);
        if let Some(problem) = self.problem(&answers, key) {
            return Err(format!("{}: {}", problem.what, ended(&problem.remedy)));
        }
        self.answers = answers;
        self.write().map_err(|error| format!("could not write {}: {error}", self.file.display()))
    }

    /// Takes an answer back.
    pub(super) fn forget(&mut self, key: Key) -> Result<(), String> {
        let section = match self.answers.get_mut(key.0) {
            Some(Value::Array(all)) => all.first_mut().and_then(Value::as_table_mut),
            Some(section) => section.as_table_mut(),
            None => None,
        };
        if section.and_then(|section| section.remove(key.1)).is_none() {
            return Ok(());
        }
        self.write().map_err(|error| format!("could not write {}: {error}", self.file.display()))
    }

    /// Keeps a secret in a file of its own, and its place in the settings.
    pub(super) fn keep_secret(&mut self, key: Key, secret: &SecretString) -> Result<(), String> {
        let name = format!("{SECRETS}/{}_{}", key.0, key.1);
        let file = self.folder().join(&name);
        write_secret(&file, secret)
            .map_err(|error| format!("could not write {}: {error}", file.display()))?;
        let place = Table::from_iter([("file".to_owned(), Value::String(name))]);
        self.keep(key, Value::Table(place))
    }

    /// Tries a secret before it is kept: until it is settled it stands for the one that is.
    pub(super) fn tries(&mut self, key: Key, secret: SecretString) {
        self.on_trial = Some((key, secret));
    }

    /// Keeps the secret that was tried, or forgets it.
    pub(super) fn settles(&mut self, key: Key, works: bool) -> Result<(), String> {
        match self.on_trial.take() {
            Some((tried, secret)) if works && tried == key => self.keep_secret(key, &secret),
            _ => Ok(()),
        }
    }

    /// The secret that is being tried, or the one that was answered before, from wherever the settings say; `None`
    /// where it cannot be read.
    pub(super) fn secret(&self, key: Key) -> Option<SecretString> {
        if let Some((tried, secret)) = &self.on_trial
            && *tried == key
        {
            return Some(secret.clone());
        }
        let place = self.value(key)?.as_table()?;
        let named = |kind: &str| place.get(kind).and_then(Value::as_str);
        let text = match (named("file"), named("env")) {
            (Some(file), _) => fs::read_to_string(self.folder().join(file)).ok()?,
            (None, Some(name)) => std::env::var(name).ok()?,
            (None, None) => return None,
        };
        Some(SecretString::from(text.trim_end_matches(['\r', '\n'])))
            .filter(|text| !text.expose_secret().is_empty())
    }

    /// What the settings have against one answer.
    fn problem(&self, answers: &Table, key: Key) -> Option<Problem> {
        let text = document::filled(answers);
        let environment = |name: &str| std::env::var(name).ok();
        let problems = Settings::parse(&text, &self.file, &environment, &facts_of).err()?;
        let path = key.path();
        let about = |problem: &&Problem| problem.key == path || problem.key.starts_with(&format!("{path}["));
        problems.list().iter().find(about).cloned()
    }

    /// The file as a whole, beside the old one first, so that a power cut leaves one of them. What somebody wrote by
    /// hand is kept beside it once.
    fn write(&mut self) -> io::Result<()> {
        fs::create_dir_all(self.folder())?;
        if !self.is_ours {
            fs::copy(&self.file, beside(&self.file, "before-init"))?;
            self.is_ours = true;
        }
        let new = beside(&self.file, "new");
        fs::write(&new, document::filled(&self.answers))?;
        as_its_folder(&new);
        fs::rename(&new, &self.file)
    }
}

/// Writes an answer to its place, which is made where it is not there yet.
fn put(answers: &mut Table, key: Key, value: Value) {
    let section = answers.entry(key.0).or_insert_with(|| match key.is_list() {
        true => Value::Array(Vec::new()),
        false => Value::Table(Table::new()),
    });
    match section {
        Value::Array(all) => match all.first_mut() {
            Some(Value::Table(first)) => drop(first.insert(key.1.to_owned(), value)),
            _ => all.insert(0, Value::Table(Table::from_iter([(key.1.to_owned(), value)]))),
        },
        Value::Table(table) => drop(table.insert(key.1.to_owned(), value)),
        other => *other = Value::Table(Table::from_iter([(key.1.to_owned(), value)])),
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    file.with_file_name(name)
}

/// Writes a secret for its owner's eyes alone.
fn write_secret(file: &Path, secret: &SecretString) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        builder.mode(0o700);
        options.mode(0o600);
    }
    builder.create(folder)?;
    let mut opened = options.open(file)?;
    close_to_others(file)?;
    opened.write_all(secret.expose_secret().as_bytes())?;
    opened.write_all(b"\n")?;
    as_its_folder(folder);
    as_its_folder(file);
    opened.sync_all()
}

/// Gives a file to whom its folder belongs: an owner who types as root prepares it for the user who runs the hall.
/// Whoever is not root cannot, and need not.
#[cfg(unix)]
fn as_its_folder(file: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(wanted) = fs::metadata(folder) else { return };
    // What fails here is told by `guildhall serve`, which cannot read the file then.
    let _ = chown(file, Some(wanted.uid()), Some(wanted.gid()));
}

#[cfg(not(unix))]
fn as_its_folder(_file: &Path) {}

/// A file that was there before may have been open to everybody.
#[cfg(unix)]
fn close_to_others(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn close_to_others(_file: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_helps_ends_as_a_question() {
        let folder = tempfile::tempdir().unwrap();
        let mut draft = Draft::open(&folder.path().join("guildhall.toml")).unwrap();
        draft.keep(Key::SOURCE_NAME, "forum".into()).unwrap();
        let rule = "role = 'Leader'\nwhen = 'forum.trust_lvel == 4'".parse::<Table>().unwrap();
        let refused = draft.keep(Key::ROLES, Value::Array(vec![rule.into()])).unwrap_err();
        assert!(refused.ends_with("did you mean `forum.trust_level`?"), "{refused}");
        let refused = draft.keep(Key::GUILD_ID, "harbor".into()).unwrap_err();
        assert!(refused.ends_with("Copy Server ID."), "{refused}");
    }
}
