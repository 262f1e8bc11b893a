//! One answer of the forum, before it becomes HTTP.

use serde_json::{Value, json};

use super::settings::Locale;

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

/// Status, headers and body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(status: u16, value: &Value) -> Answer {
        Answer::typed(status, JSON, &value.to_string())
    }

    pub(crate) fn ok(value: &Value) -> Answer {
        Answer::json(200, value)
    }

    /// `{"success": "OK"}`
    pub(crate) fn success() -> Answer {
        Answer::ok(&json!({"success": "OK"}))
    }

    pub(crate) fn html(status: u16, page: &str) -> Answer {
        Answer::typed(status, HTML, page)
    }

    pub(crate) fn plain(status: u16, text: &str) -> Answer {
        Answer::typed(status, PLAIN, text)
    }

    pub(crate) fn typed(status: u16, content_type: &'static str, body: &str) -> Answer {
        Answer {
            status,
            content_type: Some(content_type),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    pub(crate) fn bytes(content_type: &'static str, body: Vec<u8>) -> Answer {
        Answer { status: 200, content_type: Some(content_type), headers: Vec::new(), body }
    }

    pub(crate) fn untyped(status: u16, body: String) -> Answer {
        Answer { status, content_type: None, headers: Vec::new(), body: body.into_bytes() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn redirect(address: &str) -> Answer {
        let page = format!(
            "<html><body>You are being <a href=\"{}\">redirected</a>.</body></html>",
            escaped(address)
        );
        Answer::html(302, &page).header("Location", address).header("Vary", "Accept")
    }

    /// Errors with their kind, as every refusal of the forum has them.
    pub(crate) fn error(status: u16, text: &str, kind: &str) -> Answer {
        Answer::json(status, &json!({"errors": [text], "error_type": kind}))
    }

    /// Errors of a form that was filled in wrongly.
    pub(crate) fn invalid(errors: &[String]) -> Answer {
        Answer::json(422, &json!({ "errors": errors }))
    }

    pub(crate) fn not_found(locale: Locale) -> Answer {
        Answer::error(404, locale.not_found(), "not_found")
    }

    pub(crate) fn no_access(locale: Locale) -> Answer {
        Answer::error(403, locale.no_access(), "invalid_access")
    }

    pub(crate) fn bad_key(locale: Locale) -> Answer {
        Answer::error(403, locale.bad_key(), "invalid_access")
    }

    pub(crate) fn bad_parameter(name: &str) -> Answer {
        let text = format!("You supplied invalid parameters to the request: {name}");
        Answer::error(400, &text, "invalid_parameters")
    }

    pub(crate) fn missing_parameter(name: &str) -> Answer {
        let text = format!("param is missing or the value is empty: {name}");
        Answer::json(400, &json!({ "errors": [text] }))
    }

    /// Too many calls: JSON with the seconds to wait.
    pub(crate) fn wait(seconds: i64, locale: Locale) -> Answer {
        let body = json!({
            "errors": [locale.wait(seconds)],
            "error_type": "rate_limit",
            "extras": {"wait_seconds": seconds},
        });
        Answer::json(429, &body).header("Retry-After", &seconds.to_string())
    }
}

/// Text that is safe inside HTML, attributes included.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
