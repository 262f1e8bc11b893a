//! Discourse's own OpenAPI document: which operations it has, and what is wrong with an answer.

use std::path::PathBuf;

use jsonschema::error::ValidationErrorKind;
use serde_json::{Value, json};

/// The document.
pub(crate) struct Contract(Value);

/// The folder beside the repository; none, said aloud, when it is not there. In CI that is a failure.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GUILDHALL_SHARED").map_or(beside, PathBuf::from);
    if shared.join("contracts/discourse-openapi.json").is_file() {
        return Some(shared);
    }
    assert!(std::env::var_os("CI").is_none(), "the contract is missing: {}", shared.display());
    println!("left out: there is no contract at {}", shared.display());
    None
}

impl Contract {
    pub(crate) fn read(shared: &std::path::Path) -> Contract {
        let text = std::fs::read_to_string(shared.join("contracts/discourse-openapi.json")).unwrap();
        Contract(serde_json::from_str(&text).unwrap())
    }

    /// Method and path of each operation: `("GET", "/u/{username}.json")`.
    pub(crate) fn operations(&self) -> Vec<(String, String)> {
        let paths = self.0["paths"].as_object().unwrap();
        let of_path = |(path, operations): (&String, &Value)| {
            let verbs = operations.as_object().unwrap().keys();
            verbs.map(|verb| (verb.to_uppercase(), path.clone())).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of_path).collect()
    }

    /// What is wrong with an answer, each fault once: `$.members[].timezone: missing`.
    pub(crate) fn faults(&self, method: &str, path: &str, status: u64, answer: &Value) -> Vec<String> {
        let operation = &self.0["paths"][path][method.to_lowercase()];
        let Some(response) = operation["responses"].get(status.to_string()) else {
            return vec![format!("{status} is not in the document")];
        };
        let Some(schema) = response.pointer("/content/application~1json/schema") else {
            return Vec::new();
        };
        let whole = json!({ "allOf": [schema], "components": self.0["components"] });
        let validator = jsonschema::draft202012::new(&whole).unwrap();
        let mut faults: Vec<String> =
            validator.iter_errors(answer).flat_map(|error| faults_of(&error)).collect();
        faults.sort();
        faults.dedup();
        faults
    }
}

fn faults_of(error: &jsonschema::ValidationError<'_>) -> Vec<String> {
    let place = place(error.instance_path().as_str());
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| format!("{place}.{name}: not in the document")).collect()
        }
        ValidationErrorKind::Required { property } => {
            vec![format!("{place}.{}: missing", property.as_str().unwrap_or_default())]
        }
        ValidationErrorKind::Type { .. } => vec![format!("{place}: is {}", kind(error.instance()))],
        _ => vec![format!("{place}: {error}")],
    }
}

/// `/members/3/name` → `$.members[].name`
fn place(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).map(|step| match step.parse::<usize>() {
        Ok(_) => "[]".to_owned(),
        Err(_) => format!(".{step}"),
    });
    format!("${}", steps.collect::<String>())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a flag",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
