//! Where the gateway is, and what else clients ask for at login.

use serde_json::json;

use super::{Answer, Call};
use crate::discord::refusal::{Refusal, UNAUTHORIZED};
use crate::discord::state::State;

/// The span of the identify budget, in milliseconds.
const DAY_MS: i64 = 86_400_000;

pub(super) fn address(state: &mut State, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok(json!({ "url": state.gateway_url() })))
}

pub(super) fn for_bot(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (now_ms, total) = (state.now_ms(), state.settings.identifies_a_day);
    let url = state.gateway_url();
    let application = state.application_mut(call.application().ok_or(UNAUTHORIZED)?)?;
    application.identified_at_ms.retain(|at_ms| now_ms - at_ms < DAY_MS);
    let used = application.identified_at_ms.len();
    let oldest_ms = application.identified_at_ms.first().copied().unwrap_or(now_ms);
    Ok(Answer::ok(json!({
        "url": url,
        "session_start_limit": {
            "max_concurrency": 1,
            "remaining": total.saturating_sub(used),
            "reset_after": oldest_ms + DAY_MS - now_ms,
            "total": total,
        },
        "shards": 1,
    })))
}

pub(super) fn voice_regions(_: &mut State, _: &Call) -> Result<Answer, Refusal> {
    let region =
        json!({ "id": "us-west", "name": "US West", "custom": false, "deprecated": false, "optimal": true });
    Ok(Answer::ok(json!([region])))
}

pub(super) fn sticker_packs(_: &mut State, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok(json!({ "sticker_packs": [] })))
}
