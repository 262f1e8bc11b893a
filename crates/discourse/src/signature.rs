//! HMAC-SHA256 in hexadecimal, as DiscourseConnect and Discourse's webhooks use it (RFC 2104), and SHA-256.

use aws_lc_rs::{digest, hmac};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// The signature of `message`, in lower-case hexadecimal.
pub(crate) fn sign(secret: &str, message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    HEXLOWER.encode(hmac::sign(&key, message).as_ref())
}

/// Whether `signature` (hexadecimal) is that of `message`; takes the same time wherever they differ.
pub(crate) fn verifies(secret: &str, message: &[u8], signature: &str) -> bool {
    let Ok(signature) = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, message, &signature).is_ok()
}

/// By what texts, one behind the other, are known without keeping them, in lower-case hexadecimal.
pub(crate) fn sha256(texts: &[&[u8]]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    texts.iter().for_each(|text| context.update(text));
    HEXLOWER.encode(context.finish().as_ref())
}
