//! A Discord: REST v10, gateway, OAuth2, interactions.
