//! The recorded forum's own answers, which deviate from the contract too: it is four years older.

use std::path::Path;

use serde_json::Value;

use crate::tour::{Answered, Operation};

/// Folders whose good answers are looked at.
const FOLDERS: [&str; 4] = ["read", "actions", "topics", "localised-de"];

/// Every recorded answer with 200 to an operation of the contract.
pub(crate) fn answers(shared: &Path, operations: &[Operation]) -> Vec<Answered> {
    let root = shared.join("fixtures/discourse-2.9");
    let files = FOLDERS.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let read = |file: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        answered(&serde_json::from_str(&text).unwrap(), operations)
    };
    files.filter_map(read).collect()
}

fn answered(exchange: &Value, operations: &[Operation]) -> Option<Answered> {
    let request = &exchange["request"];
    let status = exchange["response"]["status"].as_u64().filter(|status| *status == 200)?;
    let body = exchange["response"].get("json")?.clone();
    let method = request["method"].as_str()?;
    let path = url::Url::parse(request["url"].as_str()?).ok()?.path().to_owned();
    let fits = operations.iter().filter(|(verb, pattern)| verb == method && is_at(&path, pattern));
    // `/u/by-external/…` is no name: the pattern with the fewest holes is meant.
    let operation = fits.min_by_key(|(_, pattern)| pattern.matches('{').count())?.clone();
    Some(Answered { operation, status, body })
}

fn is_at(path: &str, pattern: &str) -> bool {
    let steps = |text: &str| text.trim_end_matches(".json").split('/').map(str::to_owned).collect::<Vec<_>>();
    let (path, pattern) = (steps(path), steps(pattern));
    let same = |(step, hole): (&String, &String)| step == hole || hole.starts_with('{');
    path.len() == pattern.len() && path.iter().zip(&pattern).all(same)
}
