//! The recorded exchanges, read from the folder beside the repository.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// One request as it was recorded.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

/// One answer, recorded or ours.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u64,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) json: Option<Value>,
}

impl Answered {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    /// `read/user-mira`
    pub(crate) name: String,
    pub(crate) request: Asked,
    pub(crate) response: Answered,
    pub(crate) hooks: Option<Vec<String>>,
    pub(crate) whole: Value,
}

/// The folder of the recordings; none, said aloud, when it is not there. In CI that is a failure.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GUILDHALL_SHARED").map_or(beside, PathBuf::from);
    let root = shared.join("fixtures/discourse-2.9");
    if root.is_dir() {
        return Some(root);
    }
    assert!(std::env::var_os("CI").is_none(), "the recordings are missing: {}", root.display());
    println!("left out: there are no recordings at {}", root.display());
    None
}

fn files(root: &Path, folder: &str) -> Vec<(String, Value)> {
    let mut files: Vec<(String, Value)> = std::fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            (format!("{folder}/{stem}"), value)
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

pub(crate) fn recordings(root: &Path, folder: &str) -> Vec<Recording> {
    let read = |(name, whole): (String, Value)| {
        let first = whole.pointer("/steps/0").unwrap_or(&whole).clone();
        Recording {
            name,
            request: asked(&first["request"]),
            response: answered(&first["response"]),
            hooks: whole.get("webhooks_that_followed").map(|hooks| {
                hooks.as_array().unwrap().iter().map(|hook| hook.as_str().unwrap().to_owned()).collect()
            }),
            whole,
        }
    };
    files(root, folder).into_iter().map(read).collect()
}

/// Name, event and body of each recorded delivery.
pub(crate) fn deliveries(root: &Path) -> Vec<(String, String, String)> {
    let read = |(name, whole): (String, Value)| {
        let event =
            pairs(&whole["headers"]).into_iter().find(|(key, _)| key == "X-Discourse-Event").unwrap().1;
        (name, event, whole["body"].as_str().unwrap().to_owned())
    };
    files(root, "webhooks").into_iter().map(read).collect()
}

pub(crate) fn asked(value: &Value) -> Asked {
    Asked {
        method: value["method"].as_str().unwrap_or("GET").to_owned(),
        url: value["url"].as_str().unwrap_or_default().to_owned(),
        headers: pairs(&value["headers"]),
        body: value["body"].as_str().map(str::to_owned),
    }
}

pub(crate) fn answered(value: &Value) -> Answered {
    Answered {
        status: value["status"].as_u64().unwrap_or_default(),
        headers: pairs(&value["headers"]),
        json: value.get("json").cloned(),
    }
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        Value::Array(rows) => rows.iter().map(|row| (text(&row[0]), text(&row[1]))).collect(),
        _ => Vec::new(),
    }
}
