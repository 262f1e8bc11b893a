//! API keys: who may ask in whose name, and what.

use aws_lc_rs::rand;
use http::Method;

use super::people::{Person, PersonId};
use super::request::Request;
use super::state::Forum;

/// Bytes of a key that the forum makes up; said as hexadecimal digits.
const KEY_BYTES: usize = 32;

/// One right of a key: `users:show`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// `users`
    pub resource: String,
    /// `show`
    pub action: String,
    /// Parameters the right is narrowed to: `username` = `mira`.
    pub allowed: Vec<(String, String)>,
}

/// A key.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Growing from 1.
    pub id: i64,
    /// What `Api-Key` has to say.
    pub secret: String,
    /// What staff wrote beside it.
    pub description: String,
    /// Only in this person's name; none: in everybody's.
    pub only: Option<PersonId>,
    /// What it may do; empty: everything.
    pub scopes: Vec<Scope>,
    /// When it was made, milliseconds since 1970.
    pub created_at_ms: i64,
    /// When it was last used.
    pub last_used_at_ms: Option<i64>,
    /// When it was taken back.
    pub revoked_at_ms: Option<i64>,
}

/// All keys.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    keys: Vec<ApiKey>,
    last_id: i64,
}

impl Keys {
    pub(crate) fn all(&self) -> &[ApiKey] {
        &self.keys
    }

    pub(crate) fn with_secret(&self, secret: &str) -> Option<&ApiKey> {
        self.keys.iter().find(|key| key.secret == secret)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut ApiKey> {
        self.keys.iter_mut().find(|key| key.id == id)
    }

    pub(crate) fn remove(&mut self, id: i64) {
        self.keys.retain(|key| key.id != id);
    }

    /// Adds a key and says its number.
    pub(crate) fn add(&mut self, key: ApiKey) -> i64 {
        self.last_id += 1;
        self.keys.push(ApiKey { id: self.last_id, ..key });
        self.last_id
    }
}

/// Why a key is not honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRefusal {
    /// Unknown, revoked, another person's, without a name, or not meant for this.
    Invalid,
    /// The person it speaks for cannot sign in.
    PersonBarred,
}

/// The rights that a key may be narrowed to, with the routes each opens.
pub(crate) const SCOPES: &[ScopeKind] = &[
    ScopeKind { resource: "global", action: "read", params: &[], routes: &[] },
    ScopeKind {
        resource: "users",
        action: "show",
        params: &["username", "external_id", "external_provider"],
        routes: &[
            ("GET", "u/{username}"),
            ("GET", "u/by-external/{external_id}"),
            ("GET", "u/by-external/{external_provider}/{external_id}"),
        ],
    },
    ScopeKind {
        resource: "users",
        action: "list",
        params: &[],
        routes: &[("GET", "admin/users/list/{list}")],
    },
    ScopeKind {
        resource: "users",
        action: "log_out",
        params: &[],
        routes: &[("POST", "admin/users/{id}/log_out")],
    },
    ScopeKind {
        resource: "users",
        action: "update",
        params: &["username"],
        routes: &[("PUT", "u/{username}")],
    },
    ScopeKind {
        resource: "users",
        action: "anonymize",
        params: &[],
        routes: &[("PUT", "admin/users/{id}/anonymize")],
    },
    ScopeKind { resource: "users", action: "delete", params: &[], routes: &[("DELETE", "admin/users/{id}")] },
    ScopeKind { resource: "topics", action: "write", params: &["topic_id"], routes: &[("POST", "posts")] },
    ScopeKind {
        resource: "topics",
        action: "read",
        params: &["topic_id"],
        routes: &[("GET", "t/{topic_id}"), ("GET", "t/{slug}/{topic_id}"), ("GET", "latest")],
    },
    ScopeKind { resource: "posts", action: "edit", params: &["id"], routes: &[("PUT", "posts/{id}")] },
    ScopeKind { resource: "categories", action: "list", params: &[], routes: &[("GET", "categories")] },
];

/// One right that a key may have.
pub(crate) struct ScopeKind {
    pub(crate) resource: &'static str,
    pub(crate) action: &'static str,
    pub(crate) params: &'static [&'static str],
    pub(crate) routes: &'static [(&'static str, &'static str)],
}

impl ScopeKind {
    pub(crate) fn named(id: &str) -> Option<&'static ScopeKind> {
        let (resource, action) = id.split_once(':')?;
        SCOPES.iter().find(|kind| kind.resource == resource && kind.action == action)
    }

    fn opens(&self, method: &Method, pattern: &str) -> bool {
        if self.resource == "global" {
            return method == Method::GET;
        }
        self.routes.iter().any(|(verb, route)| *verb == method.as_str() && *route == pattern)
    }
}

impl ApiKey {
    /// A key for all users and everything.
    pub(crate) fn global(secret: &str, description: &str, now_ms: i64) -> ApiKey {
        ApiKey {
            id: 0,
            secret: secret.to_owned(),
            description: description.to_owned(),
            only: None,
            scopes: Vec::new(),
            created_at_ms: now_ms,
            last_used_at_ms: None,
            revoked_at_ms: None,
        }
    }

    /// The scope of a key that may only read.
    pub(crate) fn read_only(self) -> ApiKey {
        let scope = Scope { resource: "global".to_owned(), action: "read".to_owned(), allowed: Vec::new() };
        ApiKey { scopes: vec![scope], ..self }
    }

    fn allows(&self, method: &Method, pattern: &str, params: &[(&str, &str)]) -> bool {
        self.scopes.is_empty()
            || self.scopes.iter().any(|scope| {
                let id = format!("{}:{}", scope.resource, scope.action);
                let fits = |(name, only): &(String, String)| {
                    params.iter().all(|(key, value)| key != name || value.eq_ignore_ascii_case(only))
                };
                ScopeKind::named(&id).is_some_and(|kind| kind.opens(method, pattern))
                    && scope.allowed.iter().all(fits)
            })
    }
}

impl Forum {
    /// Who asks with the key in the headers; none when there is no key at all.
    pub(crate) fn with_key(
        &mut self,
        request: &Request,
        pattern: &str,
        params: &[(&str, &str)],
    ) -> Option<Result<PersonId, KeyRefusal>> {
        let secret = request.header("api-key")?.to_owned();
        let now_ms = self.now_ms();
        let Some(key) = self.keys.with_secret(&secret).cloned() else {
            return Some(Err(KeyRefusal::Invalid));
        };
        if key.revoked_at_ms.is_some() || !key.allows(&request.method, pattern, params) {
            return Some(Err(KeyRefusal::Invalid));
        }
        let person =
            match self.spoken_for(request).filter(|person| key.only.is_none_or(|only| only == person.id)) {
                None => return Some(Err(KeyRefusal::Invalid)),
                Some(person) if person.suspension(now_ms).is_some() || !person.active => {
                    return Some(Err(KeyRefusal::PersonBarred));
                }
                Some(person) => person.id,
            };
        if let Some(used) = self.keys.get_mut(key.id) {
            used.last_used_at_ms = Some(now_ms);
        }
        Some(Ok(person))
    }

    /// Whom the headers name: by name, by number, or by the number elsewhere.
    fn spoken_for(&self, request: &Request) -> Option<&Person> {
        if let Some(username) = request.header("api-username") {
            return self.people.named(username);
        }
        let id = request.header("api-user-id")?.parse().ok()?;
        self.person(PersonId(id))
    }

    /// Makes a key up.
    pub(crate) fn made_up_key() -> String {
        let mut bytes = [0_u8; KEY_BYTES];
        // Without randomness there is no secret to protect here: the key is then all zeros.
        let _filled = rand::fill(&mut bytes);
        data_encoding::HEXLOWER.encode(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::SCOPES;
    use crate::forum::routes::names;

    #[test]
    fn every_right_opens_routes_that_there_are() {
        for kind in SCOPES {
            for (verb, path) in kind.routes {
                let path = format!("/{path}");
                let known = names().any(|(method, route)| method == *verb && route == path);
                assert!(known, "{}:{} opens {verb} {path}", kind.resource, kind.action);
            }
        }
    }
}
