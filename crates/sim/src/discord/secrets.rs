//! Tokens, codes and hashes: unlike one another, and the same for the same seed.

use aws_lc_rs::digest;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use super::ids::Snowflake;

/// Draws texts that a client cannot tell from random ones. A run with the same seed draws the same.
#[derive(Debug)]
pub(super) struct Secrets {
    seed: u64,
    drawn: u64,
}

impl Secrets {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    /// 32 hexadecimal digits.
    pub(super) fn hex(&mut self) -> String {
        HEXLOWER.encode(self.bytes().get(..16).unwrap_or_default())
    }

    /// 43 characters that need no escaping in an address.
    pub(super) fn text(&mut self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes())
    }

    /// A bot's token: three parts, the first of which is the bot's id in base64, since some libraries
    /// read it from there.
    pub(super) fn bot_token(&mut self, bot: Snowflake) -> String {
        let id = BASE64URL_NOPAD.encode(bot.to_string().as_bytes());
        let text = self.text();
        format!("{id}.{}.{}", text.get(..6).unwrap_or_default(), text.get(5..43).unwrap_or_default())
    }

    fn bytes(&mut self) -> Vec<u8> {
        self.drawn += 1;
        let from = format!("simulated discord {} {}", self.seed, self.drawn);
        digest::digest(&digest::SHA256, from.as_bytes()).as_ref().to_vec()
    }
}

/// A short name for a thing that has none, such as a rate limit's bucket: 32 hexadecimal digits.
pub(super) fn fingerprint(of: &str) -> String {
    let digest = digest::digest(&digest::SHA256, of.as_bytes());
    HEXLOWER.encode(digest.as_ref().get(..16).unwrap_or_default())
}
