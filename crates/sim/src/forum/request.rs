//! One request to the forum: its path without `.json`, and its parameters as Rails reads them.

use std::net::IpAddr;

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// How deep names such as `key[scopes][][scope_id]` may nest.
const NESTING_MAX: usize = 6;

/// A request, read once.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Decoded segments of the path; the last without `.json`.
    pub(crate) segments: Vec<String>,
    /// Whether the path ended in `.json`, or the caller accepts JSON.
    pub(crate) wants_json: bool,
    /// The path and the query as they came.
    pub(crate) target: String,
    /// The query as it came.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    /// Query and body together; the body wins.
    pub(crate) params: Value,
    pub(crate) address: IpAddr,
}

impl Request {
    /// Reads a request. None when the query cannot be decoded, which the forum answers with an empty 400.
    pub(crate) fn read(
        method: Method,
        target: &str,
        headers: HeaderMap,
        body: &[u8],
        address: IpAddr,
    ) -> Option<Request> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if has_broken_escape(query) || has_broken_escape(path) {
            return None;
        }
        let mut segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let mut wants_json = accepts_json(&headers);
        if let Some(last) = segments.last_mut()
            && let Some(stem) = last.strip_suffix(".json")
        {
            *last = stem.to_owned();
            wants_json = true;
        }
        let mut params = Map::new();
        add_pairs(&mut params, query.as_bytes());
        add_body(&mut params, &headers, body);
        Some(Request {
            method,
            segments,
            wants_json,
            target: target.to_owned(),
            query: query.to_owned(),
            headers,
            params: Value::Object(params),
            address,
        })
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        value.to_str().ok().or_else(|| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// A cookie, decoded.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(http::header::COOKIE);
        let pairs = all.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
    }

    /// The parameter at a path (`group/name`), if it was sent.
    pub(crate) fn value(&self, path: &str) -> Option<&Value> {
        path.split('/').try_fold(&self.params, |value, key| value.get(key))
    }

    /// The parameter as text; numbers and flags are said as text too.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        self.value(path).and_then(said)
    }

    /// The parameter as text, unless it is empty.
    pub(crate) fn filled(&self, path: &str) -> Option<String> {
        self.text(path).filter(|text| !text.is_empty())
    }

    pub(crate) fn number(&self, path: &str) -> Option<i64> {
        self.text(path).and_then(|text| text.trim().parse().ok())
    }

    /// `true`, `t`, `1` and their like.
    pub(crate) fn flag(&self, path: &str) -> bool {
        matches!(self.text(path).as_deref(), Some("true" | "t" | "1" | "on" | "yes"))
    }

    /// A list, also when it came as one text with commas.
    pub(crate) fn list(&self, path: &str) -> Vec<String> {
        match self.value(path) {
            Some(Value::Array(items)) => items.iter().filter_map(said).collect(),
            Some(other) => said(other)
                .map(|text| text.split(',').map(|item| item.trim().to_owned()).collect::<Vec<_>>())
                .unwrap_or_default()
                .into_iter()
                .filter(|item| !item.is_empty())
                .collect(),
            None => Vec::new(),
        }
    }
}

fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accept.split(',').next().unwrap_or_default();
    first.contains("json") || headers.contains_key("x-requested-with")
}

fn has_broken_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|rest| {
        let mut letters = rest.chars();
        let is_hex = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_hexdigit());
        !(is_hex(letters.next()) && is_hex(letters.next()))
    })
}

fn add_body(params: &mut Map<String, Value>, headers: &HeaderMap, body: &[u8]) {
    let kind =
        headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.contains("json") {
        if let Ok(Value::Object(fields)) = serde_json::from_slice(body) {
            params.extend(fields);
        }
    } else if kind.is_empty() || kind.contains("x-www-form-urlencoded") {
        add_pairs(params, body);
    }
}

fn add_pairs(params: &mut Map<String, Value>, encoded: &[u8]) {
    for (name, value) in url::form_urlencoded::parse(encoded) {
        let keys = keys_of(&name);
        place(params, &keys, Value::String(value.into_owned()));
    }
}

/// `key[scopes][][scope_id]` → `key`, `scopes`, ``, `scope_id`.
fn keys_of(name: &str) -> Vec<String> {
    let (first, rest) = name.split_once('[').unwrap_or((name, ""));
    let inner = rest.strip_suffix(']').unwrap_or(rest);
    let mut keys = vec![first.to_owned()];
    if name.contains('[') {
        keys.extend(inner.split("][").map(str::to_owned).take(NESTING_MAX));
    }
    keys
}

fn place(map: &mut Map<String, Value>, keys: &[String], value: Value) {
    match keys {
        [] => {}
        [key] => {
            map.insert(key.clone(), value);
        }
        [key, next, ..] if next.is_empty() => {
            let list = map.entry(key.clone()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                append(items, keys.get(2..).unwrap_or_default(), value);
            }
        }
        [key, rest @ ..] => {
            let inner = map.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(fields) = inner {
                place(fields, rest, value);
            }
        }
    }
}

/// Items of a list of objects follow one another: a key that the last one has begins the next.
fn append(items: &mut Vec<Value>, keys: &[String], value: Value) {
    let Some(first) = keys.first() else {
        items.push(value);
        return;
    };
    let fits = items.last().and_then(Value::as_object).is_some_and(|last| !last.contains_key(first));
    if !fits {
        items.push(Value::Object(Map::new()));
    }
    if let Some(Value::Object(last)) = items.last_mut() {
        place(last, keys, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(target: &str, kind: &str, body: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, kind.parse().unwrap());
        let address = "127.0.0.1".parse().unwrap();
        Request::read(Method::POST, target, headers, body.as_bytes(), address).unwrap()
    }

    #[test]
    fn forms_nest_as_rails_nests_them() {
        let form = "application/x-www-form-urlencoded";
        for (body, expected) in [
            ("a=1", json!({"a": "1"})),
            ("group[name]=x&group[title]=", json!({"group": {"name": "x", "title": ""}})),
            ("ids[]=1&ids[]=2", json!({"ids": ["1", "2"]})),
            ("k[s][][a]=1&k[s][][b]=2&k[s][][a]=3", json!({"k": {"s": [{"a": "1", "b": "2"}, {"a": "3"}]}})),
        ] {
            assert_eq!(read("/x", form, body).params, expected, "{body}");
        }
    }

    #[test]
    fn json_bodies_join_the_query() {
        let request = read("/u/a%20b.json?page=2", "application/json", r#"{"flag": true, "n": 3}"#);
        assert_eq!(request.segments, ["u", "a b"]);
        assert_eq!(
            (request.number("page"), request.number("n"), request.flag("flag")),
            (Some(2), Some(3), true)
        );
    }

    #[test]
    fn a_broken_escape_is_no_request() {
        let address = "127.0.0.1".parse().unwrap();
        assert!(Request::read(Method::GET, "/x?sso=%%%", HeaderMap::new(), b"", address).is_none());
    }
}
