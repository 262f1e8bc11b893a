//! Reads the settings file as text, or says why it cannot.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The longest settings file, in bytes.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Why a file is not read: what is wrong, and what to do.
pub(super) type Refusal = (String, String);

/// The text of a file, without a byte order mark.
pub(super) fn read(path: &Path) -> Result<String, Refusal> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if metadata.is_dir() {
        return refuse("this is a folder, not a file", format!("name the file in it: {}", inside(path)));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(path, &error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        let what = "this is larger than 1 MiB, and settings are not";
        return refuse(what, "name the settings file by --settings FILE".to_owned());
    }
    text(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    let remedy = || "save it as UTF-8".to_owned();
    let text = String::from_utf8(bytes).or_else(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count()
                + 1;
        refuse(&format!("line {line} is not UTF-8"), remedy())
    })?;
    if text.contains('\0') {
        return refuse("this is not a text file", remedy());
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound => {
            let remedy = format!("make one: guildhall settings --example > {}", path.display());
            ("there is no such file".to_owned(), remedy)
        }
        ErrorKind::PermissionDenied => {
            ("it may not be read".to_owned(), "let the user that runs the hall read it".to_owned())
        }
        _ => (format!("it cannot be read: {error}"), "name another file by --settings FILE".to_owned()),
    }
}

fn inside(path: &Path) -> String {
    path.join("guildhall.toml").display().to_string()
}

fn refuse<T>(what: &str, remedy: String) -> Result<T, Refusal> {
    Err((what.to_owned(), remedy))
}
