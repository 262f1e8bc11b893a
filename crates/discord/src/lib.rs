//! Talks to Discord: gateway, commands, OAuth2, roster, writes.
