//! Secrets: never in the file, but where the file says, and never shown.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::de::{DeTable, DeValue};

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};

/// The longest secret, in bytes.
const SECRET_BYTES_MAX: u64 = 16 * 1024;

/// Where containers put secrets, each in a file that everybody in the container may read.
const CONTAINER_SECRETS: &str = "/run/secrets";

/// A secret of at least so many characters.
pub(in crate::settings) struct Secret {
    pub(in crate::settings) characters_min: usize,
}

impl Kind for Secret {
    type Value = SecretString;

    fn words(&self) -> String {
        match self.characters_min {
            0 | 1 => "secret".to_owned(),
            least => format!("secret of at least {least} characters"),
        }
    }

    fn read(&self, given: &Given<'_>) -> Result<SecretString, Vec<Wrong>> {
        if given.value.get_ref().is_str() {
            let what = "a secret does not stand in this file: it is copied, shown and saved too easily";
            return Err(given.wrong_because(what, place_remedy(given)));
        }
        let DeValue::Table(table) = given.value.get_ref() else {
            let what = format!("a place of a secret belongs here, not {}", given.type_words());
            return Err(given.wrong_because(what, place_remedy(given)));
        };
        match read_place(given, table)? {
            Some(read) => self.checked(given, read),
            None => Ok(SecretString::default()),
        }
    }
}

impl Secret {
    fn checked(
        &self,
        given: &Given<'_>,
        (secret, place): (String, String),
    ) -> Result<SecretString, Vec<Wrong>> {
        let secret = zeroing(secret);
        let text = secrecy::ExposeSecret::expose_secret(&secret);
        let refuse = |what: String, remedy: &str| Err(given.wrong_because(format!("{place} {what}"), remedy));
        if text.is_empty() {
            return refuse("is empty".to_owned(), "put the secret there");
        }
        if text.chars().any(char::is_control) {
            return refuse("holds more than one line".to_owned(), "put the secret there alone");
        }
        if text.trim() != text {
            return refuse("has blanks around the secret".to_owned(), "take them out");
        }
        if text.starts_with("Bot ") || text.starts_with("Bearer ") {
            return refuse("begins with a word that is not part of the secret".to_owned(), "take it out");
        }
        if text.chars().count() < self.characters_min {
            let what = format!("is shorter than {} characters", self.characters_min);
            return refuse(what, "choose a longer one there and at the other side");
        }
        Ok(secret)
    }
}

/// Takes the line end off and keeps the rest where it is cleared when dropped.
fn zeroing(secret: String) -> SecretString {
    let secret = SecretString::from(secret);
    SecretString::from(secrecy::ExposeSecret::expose_secret(&secret).trim_end_matches(['\r', '\n']))
}

/// Reads the place that `{ env = "NAME" }` or `{ file = "path" }` names: the secret, and the place in words.
/// `None` where secrets are not looked for.
pub(super) fn read_place(
    given: &Given<'_>,
    table: &DeTable<'_>,
) -> Result<Option<(String, String)>, Vec<Wrong>> {
    let mut entries = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref()));
    match (entries.next(), entries.next()) {
        (Some(("env" | "file", DeValue::String(_))), None) if !given.surroundings.secrets_are_read => {
            Ok(None)
        }
        (Some(("env", DeValue::String(name))), None) => from_environment(given, name).map(Some),
        (Some(("file", DeValue::String(path))), None) => from_file(given, path).map(Some),
        _ => {
            let what = "a place of a secret is either { env = \"…\" } or { file = \"…\" }";
            Err(given.wrong_because(what, place_remedy(given)))
        }
    }
}

fn place_remedy(given: &Given<'_>) -> String {
    let (key, shown) = (given.key, given.presence.shown());
    let env =
        if shown.starts_with('{') { shown.to_owned() } else { "{ env = \"GUILDHALL_DATABASE\" }".to_owned() };
    format!("write {key} = {env} or {key} = {{ file = \"/etc/guildhall/{key}\" }}")
}

fn from_environment(given: &Given<'_>, name: &str) -> Result<(String, String), Vec<Wrong>> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(fits) {
        // Somebody may have put the secret itself here, so it is not repeated.
        let what = "this is not the name of an environment variable: letters, digits and _, without $";
        return Err(given.wrong_because(what, place_remedy(given)));
    }
    let looks_like_a_name = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let (place, name_shown) = match looks_like_a_name {
        true => (format!("the environment variable {name}"), name),
        // Somebody may have put the secret itself here.
        false => ("the environment variable named here".to_owned(), "it"),
    };
    match (given.surroundings.environment)(name) {
        Some(secret) => Ok((secret, place)),
        None => {
            let remedy = format!("set {name_shown} where the hall is started, or name another place");
            Err(given.wrong_because(format!("{place} is not set"), remedy))
        }
    }
}

fn from_file(given: &Given<'_>, path: &str) -> Result<(String, String), Vec<Wrong>> {
    let full: PathBuf = given.surroundings.folder.join(path);
    let place = format!("the file {}", repeated(path));
    let refuse = |what: &str, remedy: String| Err(given.wrong_because(format!("{place} {what}"), remedy));
    let metadata = match fs::metadata(&full) {
        Ok(metadata) => metadata,
        Err(error) => {
            // Somebody may have put the secret itself here.
            let what = format!("the file named here cannot be read: {error}");
            let remedy = "make it with the secret in it, or name another place";
            return Err(given.wrong_because(what, remedy));
        }
    };
    if !metadata.is_file() {
        return refuse("is not a file", "name the file that holds the secret".to_owned());
    }
    if too_open(&full, &metadata) {
        let remedy = format!("run chmod 600 {}", full.display());
        return refuse("can be read or written by others on this machine", remedy);
    }
    if metadata.len() > SECRET_BYTES_MAX {
        return refuse("is too long for a secret", "name the file that holds the secret alone".to_owned());
    }
    let mut secret = String::new();
    match File::open(&full).and_then(|file| file.take(SECRET_BYTES_MAX).read_to_string(&mut secret)) {
        Ok(_) => Ok((secret, place)),
        Err(error) => refuse(&format!("cannot be read: {error}"), "let the hall's user read it".to_owned()),
    }
}

/// Whether others could read or change a secret: any right for everybody, or writing for the group.
#[cfg(unix)]
fn too_open(path: &Path, metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const OPEN_TO_OTHERS: u32 = 0o027;
    metadata.permissions().mode() & OPEN_TO_OTHERS != 0 && !path.starts_with(CONTAINER_SECRETS)
}

#[cfg(not(unix))]
fn too_open(_path: &Path, _metadata: &fs::Metadata) -> bool {
    false
}
