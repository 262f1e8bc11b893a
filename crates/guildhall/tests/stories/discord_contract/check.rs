//! One request against the document: path, query, body.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;

use jsonschema::Validator;
use serde_json::{Value, json};
use sim::discord::CallRecord;

/// The document, with every object of a request closed: a field that it does not know is a fault.
pub(super) struct Contract {
    paths: Value,
    components: Value,
    /// By schema: each is made ready once.
    validators: RefCell<HashMap<String, Validator>>,
}

/// What is wrong with a request.
pub(super) struct Wrong {
    pub(super) method: String,
    /// The path as the document has it; as it was sent where the document has none.
    pub(super) path: String,
    pub(super) what: String,
    /// The body.
    pub(super) sent: String,
}

/// `/guilds/{guild_id}/roles` with `{}` for each parameter.
pub(super) fn bare(path: &str) -> String {
    let step = |step: &str| if step.starts_with('{') { "{}".to_owned() } else { step.to_owned() };
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

impl Contract {
    /// Reads it; nothing where it is not there, which CI does not accept.
    #[expect(clippy::print_stdout, reason = "what is left out is said")]
    pub(super) fn read() -> Option<Self> {
        let shared = std::env::var("GUILDHALL_SHARED").map(PathBuf::from);
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
        let file = shared.unwrap_or_else(|_| beside()).join("contracts/discord-openapi.json");
        let Ok(text) = std::fs::read_to_string(file) else {
            assert!(std::env::var_os("CI").is_none(), "CI checks against the contract");
            println!("left out: ../shared/contracts is not there");
            return None;
        };
        let mut document: Value = serde_json::from_str(&text).unwrap();
        close(&mut document);
        let (paths, components) = (document["paths"].take(), document["components"].take());
        Some(Self { paths, components, validators: RefCell::default() })
    }

    /// The path of the document that a call was for: the one with the fewest parameters.
    pub(super) fn path(&self, call: &CallRecord) -> Option<String> {
        let sent = call.path.split('?').next().unwrap_or_default();
        let fits = |known: &&String| {
            let (mut steps, mut sent) = (known.split('/'), sent.split('/'));
            let same =
                steps.by_ref().zip(sent.by_ref()).all(|(step, sent)| step.starts_with('{') || step == sent);
            same && known.split('/').count()
                == call.path.split('?').next().unwrap_or_default().split('/').count()
        };
        let has_method =
            |known: &&String| self.paths[known.as_str()].get(call.method.to_lowercase()).is_some();
        let all = self.paths.as_object().unwrap().keys();
        all.filter(fits).filter(has_method).min_by_key(|known| known.matches('{').count()).cloned()
    }

    /// Everything that is wrong with a call.
    pub(super) fn faults(&self, call: &CallRecord) -> Vec<Wrong> {
        let Some(path) = self.path(call) else {
            return vec![wrong(call, &call.path, "is not in the document")];
        };
        let of_path = &self.paths[path.as_str()];
        let operation = &of_path[call.method.to_lowercase().as_str()];
        let parameters =
            [of_path, operation].map(|place| place["parameters"].as_array().cloned().unwrap_or_default());
        let parameters = parameters.concat();
        let mut faults = self.in_query(call, &parameters);
        faults.extend(self.in_path(call, &path, &parameters));
        faults.extend(self.in_body(call, operation));
        faults.into_iter().map(|what| wrong(call, &path, &what)).collect()
    }

    fn in_path(&self, call: &CallRecord, path: &str, parameters: &[Value]) -> Vec<String> {
        let sent = call.path.split('?').next().unwrap_or_default();
        let named = path.split('/').zip(sent.split('/')).filter(|(step, _)| step.starts_with('{'));
        let schema = |step: &str| {
            parameters
                .iter()
                .find(|one| one["in"] == "path" && format!("{{{}}}", one["name"].as_str().unwrap()) == step)
        };
        named
            .flat_map(|(step, text)| self.errors(step, &schema(step).unwrap()["schema"], &json!(text)))
            .collect()
    }

    fn in_query(&self, call: &CallRecord, parameters: &[Value]) -> Vec<String> {
        let query = call.path.split_once('?').map_or("", |(_, query)| query);
        let sent: Vec<(String, String)> = reqwest::Url::parse(&format!("http://x/?{query}"))
            .unwrap()
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let of_query: Vec<&Value> = parameters.iter().filter(|one| one["in"] == "query").collect();
        let mut faults = Vec::new();
        for (name, text) in &sent {
            match of_query.iter().find(|one| one["name"] == name.as_str()) {
                // Numbers and flags are texts in a query.
                Some(known) => {
                    let value = serde_json::from_str(text).ok().filter(|value: &Value| !value.is_object());
                    let as_text = self.errors(name, &known["schema"], &json!(text));
                    let as_value = value.map(|value| self.errors(name, &known["schema"], &value));
                    faults.extend(as_value.filter(|errors| errors.len() < as_text.len()).unwrap_or(as_text));
                }
                None => faults.push(format!("{name} is not in the query")),
            }
        }
        let missing = |one: &&&Value| {
            one["required"] == true && !sent.iter().any(|(name, _)| one["name"] == name.as_str())
        };
        faults.extend(
            of_query.iter().filter(missing).map(|one| format!("{} is missing from the query", one["name"])),
        );
        faults
    }

    fn in_body(&self, call: &CallRecord, operation: &Value) -> Vec<String> {
        let body = &operation["requestBody"];
        let schema = body.pointer("/content/application~1json/schema");
        match (schema, call.body.is_null()) {
            (None, true) => Vec::new(),
            (None, false) => vec!["has a body".to_owned()],
            (Some(_), true) if body["required"] == true => vec!["has no body".to_owned()],
            (Some(_), true) => Vec::new(),
            (Some(schema), false) => self.errors("body", schema, &call.body),
        }
    }

    fn errors(&self, place: &str, schema: &Value, sent: &Value) -> Vec<String> {
        let mut validators = self.validators.borrow_mut();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": self.components });
            jsonschema::draft202012::new(&whole).unwrap()
        });
        validator
            .iter_errors(sent)
            .map(|error| format!("{place}{}: {error}", error.instance_path()))
            .collect()
    }
}

fn wrong(call: &CallRecord, path: &str, what: &str) -> Wrong {
    let what = what.chars().take(300).collect();
    Wrong { method: call.method.clone(), path: path.to_owned(), what, sent: call.body.to_string() }
}

/// Lets no object have fields that it does not name.
fn close(place: &mut Value) {
    match place {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object) && !fields.contains_key("allOf") {
                fields.entry("additionalProperties").or_insert(false.into());
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
