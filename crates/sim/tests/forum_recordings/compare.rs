//! Compares answers: which fields there are, of which types, and the headers that matter.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::recording::Answered;

/// Headers that callers decide by. Of `Retry-After` only that it is there: the seconds differ.
const HEADERS: [&str; 6] = [
    "Content-Type",
    "X-Discourse-Route",
    "X-Discourse-Username",
    "Discourse-Rate-Limit-Error-Code",
    "Discourse-Readonly",
    "Discourse-No-Onebox",
];

pub(crate) fn headers(recorded: &Answered, ours: &Answered) -> Vec<String> {
    let mut differences = Vec::new();
    for name in HEADERS {
        if recorded.header(name) != ours.header(name) {
            differences.push(format!(
                "{name} is {:?} and not {:?}",
                ours.header(name),
                recorded.header(name)
            ));
        }
    }
    if recorded.header("Retry-After").is_some() != ours.header("Retry-After").is_some() {
        differences.push(format!("Retry-After is {:?}", ours.header("Retry-After")));
    }
    differences
}

/// Paths where the two differ: `$.user.groups[].name: missing`.
pub(crate) fn shape(recorded: &Value, ours: &Value) -> Vec<String> {
    let (recorded, ours) = (fields(recorded), fields(ours));
    let mut differences = Vec::new();
    for (path, (always, types)) in &recorded {
        match ours.get(path) {
            None if *always && parent_is_there(path, &ours) => differences.push(format!("{path}: missing")),
            Some((_, our_types)) => {
                let fits = |one: &&str| *one == "null" || types.contains(one) || types == &["null"];
                if !our_types.iter().all(fits) {
                    differences.push(format!("{path}: {our_types:?} and not {types:?}"));
                }
            }
            None => {}
        }
    }
    for path in ours.keys() {
        if !recorded.contains_key(path) && parent_is_there(path, &recorded) {
            differences.push(format!("{path}: is not in the recording"));
        }
    }
    differences
}

pub(crate) fn shape_of_hook(recorded: &str, ours: &str) -> Vec<String> {
    shape(&serde_json::from_str(recorded).unwrap(), &serde_json::from_str(ours).unwrap())
}

/// Whether there was anything to look into: an empty list says nothing about its items.
fn parent_is_there(path: &str, all: &BTreeMap<String, (bool, Vec<&'static str>)>) -> bool {
    let parent = match path.strip_suffix("[]") {
        Some(list) => return all.contains_key(&format!("{list}[]")),
        None => path.rsplit_once('.').map_or("$", |(parent, _)| parent),
    };
    all.get(parent).is_some_and(|(_, types)| types.contains(&"object"))
}

/// Every path with its types, and whether each object that could have it has it.
fn fields(value: &Value) -> BTreeMap<String, (bool, Vec<&'static str>)> {
    let mut paths = BTreeMap::new();
    collect("$", &[value], &mut paths);
    paths
}

fn collect(path: &str, values: &[&Value], paths: &mut BTreeMap<String, (bool, Vec<&'static str>)>) {
    let mut types: Vec<&'static str> = values.iter().map(|value| type_of(value)).collect();
    types.sort_unstable();
    types.dedup();
    paths.entry(path.to_owned()).or_insert((true, Vec::new())).1 = types;
    let objects: Vec<_> = values.iter().filter_map(|value| value.as_object()).collect();
    let mut names: Vec<&String> = objects.iter().flat_map(|object| object.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let inner: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
        let place = format!("{path}.{name}");
        paths.insert(place.clone(), (inner.len() == objects.len(), Vec::new()));
        collect(&place, &inner, paths);
    }
    let items: Vec<&Value> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
    if !items.is_empty() {
        collect(&format!("{path}[]"), &items, paths);
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
