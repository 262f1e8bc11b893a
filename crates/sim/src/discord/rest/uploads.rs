//! Multipart forms: `payload_json` is the body, and each file becomes a row of its `attachments`.
//! (`Discord docs: Uploading Files`.)

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use serde_json::{Value, json};

use super::serve::BODY_MOST_BYTES;
use crate::discord::refusal::{INVALID_JSON, Refusal};

/// The body that a form means. It is read to its end, also where it is wrong: a sender whose connection closes in
/// the middle of a file learns nothing.
pub(super) async fn form(mut request: Request<Body>) -> Result<Value, Refusal> {
    DefaultBodyLimit::max(BODY_MOST_BYTES).apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| INVALID_JSON)?;
    let (mut body, mut files) = (Value::Null, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| INVALID_JSON)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "payload_json" {
            let text = field.bytes().await.map_err(|_| INVALID_JSON)?;
            body = serde_json::from_slice(&text).map_err(|_| INVALID_JSON)?;
        } else if let Some(number) = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')) {
            files.push(file(number.to_owned(), field).await?);
        }
    }
    if !files.is_empty() {
        let described = body.get("attachments").and_then(Value::as_array).cloned().unwrap_or_default();
        let files: Vec<Value> = files.into_iter().map(|file| with_description(file, &described)).collect();
        match body.as_object_mut() {
            Some(fields) => _ = fields.insert("attachments".into(), files.into()),
            None => body = json!({ "attachments": files }),
        }
    }
    Ok(body)
}

async fn file(number: String, field: Field<'_>) -> Result<Value, Refusal> {
    let (name, kind) = (field.file_name().map(str::to_owned), field.content_type().map(str::to_owned));
    let size = field.bytes().await.map_err(|_| INVALID_JSON)?.len();
    Ok(
        json!({ "id": number, "filename": name.unwrap_or_else(|| "file".to_owned()), "size": size, "content_type": kind }),
    )
}

/// What the body says of the file with the same number.
fn with_description(mut file: Value, described: &[Value]) -> Value {
    let number = |row: &Value| row.get("id").map(|id| id.to_string().trim_matches('"').to_owned());
    let own = number(&file);
    let said = described.iter().find(|row| number(row) == own);
    for name in ["filename", "description"] {
        let said = said.and_then(|row| row.get(name)).filter(|said| !said.is_null());
        if let (Some(said), Some(fields)) = (said, file.as_object_mut()) {
            fields.insert(name.into(), said.clone());
        }
    }
    file
}
