//! OAuth2: people let an application know who they are.
//!
//! | file | holds |
//! | --- | --- |
//! | `grants` | what was granted: codes, tokens, sign-ins |
//! | `authorize` | the pages: sign in, agree |
//! | `pages` | their HTML |
//! | `token` | codes into tokens, renewing, revoking |

mod authorize;
mod grants;
mod pages;
mod token;

pub(super) use authorize::{application, authorize, decide, sign_in};
pub(super) use grants::Grants;
pub(super) use token::{revoke, token};

/// How long an access token is good, in seconds.
pub(super) const TOKEN_SECONDS: i64 = 604_800;
