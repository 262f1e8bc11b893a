//! Discord's refusals: an HTTP status, a code of its own, a sentence, and what is wrong with which field.

use serde_json::{Map, Value, json};

/// An answer that says no. `Discord docs: Opcodes and Status Codes, JSON Error Codes`.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Discord's own code; 0 where it has none.
    pub code: u32,
    /// The sentence beside the code.
    pub message: &'static str,
    /// Nested by field, each leaf an `_errors` list; only with code 50035.
    pub errors: Option<Value>,
}

impl Refusal {
    const fn new(status: u16, code: u32, message: &'static str) -> Self {
        Self { status, code, message, errors: None }
    }

    /// The body as Discord sends it.
    pub fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let (Some(errors), Some(fields)) = (&self.errors, body.as_object_mut()) {
            fields.insert("errors".into(), errors.clone());
        }
        body
    }
}

pub(super) const UNAUTHORIZED: Refusal = Refusal::new(401, 0, "401: Unauthorized");
pub(super) const NOT_FOUND: Refusal = Refusal::new(404, 0, "404: Not Found");
pub(super) const METHOD_NOT_ALLOWED: Refusal = Refusal::new(405, 0, "405: Method Not Allowed");
pub(super) const NO_USER_AGENT: Refusal = Refusal::new(403, 40333, "internal network error");
pub(super) const UNKNOWN_APPLICATION: Refusal = Refusal::new(404, 10002, "Unknown Application");
pub(super) const UNKNOWN_CHANNEL: Refusal = Refusal::new(404, 10003, "Unknown Channel");
pub(super) const UNKNOWN_GUILD: Refusal = Refusal::new(404, 10004, "Unknown Guild");
pub(super) const UNKNOWN_MEMBER: Refusal = Refusal::new(404, 10007, "Unknown Member");
pub(super) const UNKNOWN_MESSAGE: Refusal = Refusal::new(404, 10008, "Unknown Message");
pub(super) const UNKNOWN_ROLE: Refusal = Refusal::new(404, 10011, "Unknown Role");
pub(super) const UNKNOWN_USER: Refusal = Refusal::new(404, 10013, "Unknown User");
pub(super) const UNKNOWN_WEBHOOK: Refusal = Refusal::new(404, 10015, "Unknown Webhook");
pub(super) const UNKNOWN_BAN: Refusal = Refusal::new(404, 10026, "Unknown Ban");
pub(super) const UNKNOWN_INTERACTION: Refusal = Refusal::new(404, 10062, "Unknown interaction");
pub(super) const UNKNOWN_COMMAND: Refusal = Refusal::new(404, 10063, "Unknown application command");
pub(super) const NOT_FOR_BOTS: Refusal = Refusal::new(403, 20001, "Bots cannot use this endpoint");
pub(super) const ONLY_BOTS: Refusal = Refusal::new(403, 20002, "Only bots can use this endpoint");
pub(super) const NOT_YOUR_APPLICATION: Refusal =
    Refusal::new(403, 20012, "You are not authorized to perform this action on this application");
pub(super) const ROLES_FULL: Refusal =
    Refusal::new(400, 30005, "Maximum number of guild roles reached (250)");
pub(super) const COMMANDS_FULL: Refusal =
    Refusal::new(400, 30032, "Maximum number of application commands reached (100)");
pub(super) const ALREADY_ACKNOWLEDGED: Refusal =
    Refusal::new(400, 40060, "Interaction has already been acknowledged.");
pub(super) const USER_BANNED: Refusal = Refusal::new(403, 40007, "The user is banned from this guild.");
pub(super) const MISSING_ACCESS: Refusal = Refusal::new(403, 50001, "Missing Access");
pub(super) const NOT_YOUR_MESSAGE: Refusal =
    Refusal::new(403, 50005, "Cannot edit a message authored by another user");
pub(super) const EMPTY_MESSAGE: Refusal = Refusal::new(400, 50006, "Cannot send an empty message");
pub(super) const DMS_CLOSED: Refusal = Refusal::new(403, 50007, "Cannot send messages to this user");
pub(super) const MISSING_PERMISSIONS: Refusal = Refusal::new(403, 50013, "Missing Permissions");
pub(super) const INVALID_OAUTH_TOKEN: Refusal =
    Refusal::new(403, 50025, "Invalid OAuth2 access token provided");
pub(super) const TOKEN_LACKS_SCOPE: Refusal = Refusal::new(403, 50026, "Missing required OAuth2 scope");
pub(super) const INVALID_WEBHOOK_TOKEN: Refusal = Refusal::new(401, 50027, "Invalid Webhook Token");
pub(super) const INVALID_ROLE: Refusal = Refusal::new(400, 50028, "Invalid Role");
pub(super) const INVALID_FORM: Refusal = Refusal::new(400, 50035, "Invalid Form Body");
pub(super) const INVALID_JSON: Refusal = Refusal::new(400, 50109, "The request body contains invalid JSON.");

/// 50035 with one complaint. `field` is a path with dots, such as `data.embeds.0.title`.
pub(super) fn invalid(field: &str, code: &str, message: &str) -> Refusal {
    let mut complaints = Complaints::default();
    complaints.add(field, code, message);
    Refusal { errors: Some(complaints.tree), ..INVALID_FORM }
}

/// Where complaints stand in the tree.
const ERRORS: &str = "_errors";

/// Complaints about fields, gathered so that one answer names them all.
#[derive(Debug)]
pub(super) struct Complaints {
    tree: Value,
    count: usize,
}

impl Default for Complaints {
    fn default() -> Self {
        Self { tree: Value::Object(Map::new()), count: 0 }
    }
}

impl Complaints {
    /// Adds one, unless the field is wrong as a whole already, or a part of it is: the first to be found wins.
    pub(super) fn add(&mut self, field: &str, code: &str, message: &str) {
        self.count += 1;
        let mut place = &mut self.tree;
        for step in field.split('.').filter(|step| !step.is_empty()) {
            let Some(fields) = place.as_object_mut().filter(|fields| !fields.contains_key(ERRORS)) else {
                return;
            };
            place = fields.entry(step).or_insert_with(|| Value::Object(Map::new()));
        }
        let Some(fields) = place.as_object_mut() else { return };
        let complaint = json!({ "code": code, "message": message });
        if fields.is_empty() {
            fields.insert(ERRORS.into(), json!([]));
        }
        if let Some(list) = fields.get_mut(ERRORS).and_then(Value::as_array_mut) {
            list.push(complaint);
        }
    }

    /// Complains when `text` has more than `most` characters.
    pub(super) fn longest(&mut self, field: &str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.add(field, "BASE_TYPE_MAX_LENGTH", &format!("Must be {most} or fewer in length."));
        }
    }

    /// Complains unless `text` has between one and `most` characters.
    pub(super) fn between(&mut self, field: &str, text: &str, most: usize) {
        if text.is_empty() || text.chars().count() > most {
            self.add(field, "BASE_TYPE_BAD_LENGTH", &format!("Must be between 1 and {most} in length."));
        }
    }

    pub(super) fn required(&mut self, field: &str) {
        self.add(field, "BASE_TYPE_REQUIRED", "This field is required");
    }

    pub(super) fn verdict(self) -> Result<(), Refusal> {
        if self.count == 0 { Ok(()) } else { Err(Refusal { errors: Some(self.tree), ..INVALID_FORM }) }
    }
}
