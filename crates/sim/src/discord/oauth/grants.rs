//! What people granted, and the codes and tokens that stand for it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TOKEN_SECONDS;
use crate::discord::ids::Snowflake;
use crate::discord::secrets::Secrets;

/// How long a code is good, in milliseconds.
const CODE_MS: i64 = 600_000;

/// A person's yes to an application.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) struct Grant {
    pub(in crate::discord) user: Snowflake,
    pub(in crate::discord) application: Snowflake,
    pub(in crate::discord) scopes: Vec<String>,
}

impl Grant {
    pub(in crate::discord) fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// A code that waits to be changed into tokens.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect: String,
    /// The challenge of PKCE (S256), if the application sent one.
    pub(super) challenge: Option<String>,
    until_ms: i64,
}

#[derive(Clone, Debug)]
struct Access {
    grant: Grant,
    until_ms: i64,
}

/// Tokens as they are given out.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) scopes: Vec<String>,
}

/// Everything that was granted.
#[derive(Debug, Default)]
pub(in crate::discord) struct Grants {
    /// Role connection metadata of applications.
    pub(in crate::discord) metadata: BTreeMap<Snowflake, Value>,
    /// Role connections, by application and user.
    pub(in crate::discord) connections: BTreeMap<(Snowflake, Snowflake), Value>,
    pub(super) signed_in: BTreeMap<String, Snowflake>,
    agreed: Vec<Grant>,
    codes: BTreeMap<String, Code>,
    access: BTreeMap<String, Access>,
    refresh: BTreeMap<String, Grant>,
}

impl Grants {
    pub(super) fn agree(&mut self, grant: Grant) {
        self.agreed.push(grant);
    }

    /// Whether the person said yes to all of it before.
    pub(super) fn agreed(&self, wanted: &Grant) -> bool {
        let same = |one: &&Grant| one.user == wanted.user && one.application == wanted.application;
        self.agreed.iter().filter(same).any(|one| wanted.scopes.iter().all(|scope| one.allows(scope)))
    }

    pub(super) fn issue_code(
        &mut self,
        secrets: &mut Secrets,
        now_ms: i64,
        grant: Grant,
        redirect: String,
        challenge: Option<String>,
    ) -> String {
        let code = secrets.hex();
        self.codes.insert(code.clone(), Code { grant, redirect, challenge, until_ms: now_ms + CODE_MS });
        code
    }

    /// A code works once, whether what came with it was right or wrong.
    pub(super) fn take_code(&mut self, code: &str, now_ms: i64) -> Option<Code> {
        self.codes.remove(code).filter(|code| now_ms < code.until_ms)
    }

    pub(super) fn issue_tokens(
        &mut self,
        secrets: &mut Secrets,
        now_ms: i64,
        grant: Grant,
        renews: bool,
    ) -> Tokens {
        let access = secrets.text();
        let until_ms = now_ms + TOKEN_SECONDS * 1_000;
        self.access.insert(access.clone(), Access { grant: grant.clone(), until_ms });
        let refresh = renews.then(|| secrets.text());
        let scopes = grant.scopes.clone();
        if let Some(refresh) = &refresh {
            self.refresh.insert(refresh.clone(), grant);
        }
        Tokens { access, refresh, scopes }
    }

    /// A refresh token works once; the new tokens bring another.
    pub(super) fn take_refresh(&mut self, token: &str) -> Option<Grant> {
        self.refresh.remove(token)
    }

    pub(in crate::discord) fn by_access(&self, token: &str, now_ms: i64) -> Option<&Grant> {
        self.access.get(token).filter(|access| now_ms < access.until_ms).map(|access| &access.grant)
    }

    /// Revoking one token revokes all that came of the same yes. An unknown token is nothing to revoke.
    pub(super) fn revoke(&mut self, token: &str, application: Snowflake) {
        let by_access = self.access.get(token).map(|access| access.grant.clone());
        let found = by_access.or_else(|| self.refresh.get(token).cloned());
        if let Some(grant) = found.filter(|grant| grant.application == application) {
            self.withdraw(grant.user, application);
        }
    }

    /// The person takes everything back.
    pub(in crate::discord) fn withdraw(&mut self, user: Snowflake, application: Snowflake) {
        let others = |grant: &Grant| grant.user != user || grant.application != application;
        self.agreed.retain(others);
        self.codes.retain(|_, code| others(&code.grant));
        self.access.retain(|_, access| others(&access.grant));
        self.refresh.retain(|_, grant| others(grant));
    }
}
