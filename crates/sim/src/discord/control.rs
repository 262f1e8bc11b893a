//! Controls under `/_sim/`, for pages and for clients in other languages. JSON in and out; nothing of it
//! exists in the real Discord. Ids are decimal strings.
//!
//! | call | body | does |
//! | --- | --- | --- |
//! | `GET world` | | guilds with roles and members, and the people |
//! | `GET calls` | | the record of REST calls |
//! | `GET audit/{guild}` | | the audit log, oldest first |
//! | `GET dms/{user}` | | direct messages of a person |
//! | `GET deliveries` | | how far gateway clients have heard |
//! | `POST interact` | `user`, `guild` or `channel`, and `command` + `options`, or `message` + `button`, or `message` + `select` + `values`, or `modal` + `fields`; `focused` with `command` for suggestions | runs an interaction and gives what the person sees |
//! | `POST role` | `actor`, `guild`, `user`, `role`, `give` (bool) | gives or takes a role by hand |
//! | `POST nick` | `actor`, `guild`, `user`, `nick` (or null) | sets a nickname |
//! | `POST join`, `POST leave` | `guild`, `user` | comes, goes |
//! | `POST kick`, `POST ban` | `actor`, `guild`, `user` | throws out |
//! | `POST user` | `username`, `global_name` | a new person; gives `id` |
//! | `POST redirect` | `application`, `address` | registers an address to which people may be sent back |
//! | `POST dms` | `user`, `closed` (bool) | closes or opens direct messages |
//! | `POST fault` | `method`, `route`, `times`, and `status`, `html`, or `scope` + `retry_after_ms` | spoils the next answers |
//! | `POST gateway` | `act`: `drop`, `freeze`, `forget`, `reconnect`; `invalidate` + `resumable` (bool); `close` + `code`; `repeat`, `reverse` + `count`; `heartbeat` + `every_ms` | puts the gateway into a mood |
//! | `POST audit` | `late`, `lost` or `untold` (how many rows), or `write` (true) | the next rows of the audit log come late, never, or without a word; writes those that are late |
//! | `POST outage` | `guild`, `lost` (bool) | Discord loses a guild, or has it again |

use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};

use super::DiscordSim;
use super::client::Interaction;
use super::faults::{Fault, FaultRule};
use super::ids::Snowflake;
use super::look::guild_view;
use super::refusal::{INVALID_JSON, NOT_FOUND, Refusal, invalid};
use super::rest::with_json;
use super::shared::Shared;

/// Discord docs: Gateway Close Event Codes.
const UNKNOWN_ERROR: u16 = 4_000;
/// How often Discord itself asks for a heartbeat, in milliseconds.
const BEAT_MS: u64 = 41_250;
/// The largest body, in bytes.
const BODY_MOST_BYTES: usize = 1024 * 1024;

/// Answers a control call; `path` is what follows `/_sim/`.
pub(super) async fn serve(shared: Shared, path: &str, request: Request) -> Response {
    let sim = DiscordSim::borrowed(shared);
    let reads = request.method() == Method::GET;
    let done = match axum::body::to_bytes(request.into_body(), BODY_MOST_BYTES).await {
        Ok(body) if reads && body.is_empty() => read(&sim, path),
        Ok(body) => match serde_json::from_slice::<Value>(&body) {
            Ok(body) => act(&sim, path, &body).await,
            Err(_) => Err(INVALID_JSON),
        },
        Err(_) => Err(INVALID_JSON),
    };
    match done {
        Ok(body) => with_json(200, &body),
        Err(refusal) => with_json(refusal.status, &refusal.body()),
    }
}

fn read(sim: &DiscordSim, path: &str) -> Result<Value, Refusal> {
    let (what, of) = path.split_once('/').unwrap_or((path, ""));
    let id = || of.parse::<Snowflake>().map_err(|_| NOT_FOUND);
    match what {
        "world" => Ok(world(sim)),
        "calls" => Ok(sim.calls().iter().map(call_row).collect()),
        "audit" => Ok(json!(sim.audit_log(id()?))),
        "dms" => Ok(json!(sim.dms(id()?))),
        "messages" => Ok(json!(sim.messages(id()?))),
        "deliveries" => Ok(json!(sim.deliveries())),
        _ => Err(NOT_FOUND),
    }
}

fn world(sim: &DiscordSim) -> Value {
    let people: Vec<Value> = sim
        .people()
        .into_iter()
        .map(|(id, username, name)| json!({ "id": id, "username": username, "name": name }))
        .collect();
    sim.shared.read(|state| {
        let guilds: Vec<Value> = state.guilds.keys().map(|guild| guild_view(state, *guild)).collect();
        json!({ "guilds": guilds, "people": people })
    })
}

fn call_row(call: &super::CallRecord) -> Value {
    json!({
        "at_ms": call.at_ms,
        "method": call.method,
        "route": call.route,
        "path": call.path,
        "status": call.status,
        "application": call.application,
        "reason": call.reason,
    })
}

async fn act(sim: &DiscordSim, path: &str, body: &Value) -> Result<Value, Refusal> {
    let id = |name: &str| id(body, name);
    let flag = |name: &str| body.get(name).and_then(Value::as_bool) == Some(true);
    match path {
        "interact" => return interact(sim, body).await,
        "user" => {
            let name = body.get("global_name").and_then(Value::as_str);
            return Ok(json!({ "id": sim.create_user(text(body, "username"), name) }));
        }
        "role" => {
            let (actor, guild, user, role) = (id("actor")?, id("guild")?, id("user")?, id("role")?);
            match flag("give") {
                true => sim.give_role_by_hand(actor, guild, user, role)?,
                false => sim.take_role_by_hand(actor, guild, user, role)?,
            }
        }
        "nick" => {
            let nick = body.get("nick").and_then(Value::as_str);
            sim.set_nick(id("actor")?, id("guild")?, id("user")?, nick)?;
        }
        "join" => sim.join(id("guild")?, id("user")?)?,
        "leave" => sim.leave(id("guild")?, id("user")?)?,
        "kick" => sim.kick(id("actor")?, id("guild")?, id("user")?)?,
        "ban" => sim.ban(id("actor")?, id("guild")?, id("user")?, text(body, "reason"))?,
        "redirect" => sim.add_redirect(id("application")?, text(body, "address"))?,
        "dms" => sim.close_dms(id("user")?, flag("closed")),
        "fault" => sim.fault(fault(body)),
        "gateway" => gateway(sim, body)?,
        "audit" => audit(sim, body)?,
        "outage" => sim.set_unavailable(id("guild")?, flag("lost")),
        _ => return Err(NOT_FOUND),
    }
    Ok(json!({}))
}

fn gateway(sim: &DiscordSim, body: &Value) -> Result<(), Refusal> {
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    let count = || number("count").and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
    match text(body, "act") {
        "drop" => sim.drop_gateway(),
        "freeze" => sim.freeze_gateway(),
        "forget" => sim.forget_sessions(),
        "reconnect" => sim.reconnect_gateway(),
        "invalidate" => sim.invalidate_sessions(body.get("resumable").and_then(Value::as_bool) == Some(true)),
        "close" => {
            let code = number("code").and_then(|code| u16::try_from(code).ok());
            sim.close_gateway(code.unwrap_or(UNKNOWN_ERROR), "Closed by the controls.");
        }
        "repeat" => sim.repeat_events(count()),
        "reverse" => sim.reverse_events(count()),
        "heartbeat" => sim.set_heartbeat_ms(number("every_ms").unwrap_or(BEAT_MS)),
        _ => return Err(invalid("act", "BASE_TYPE_CHOICES", "There is no such mood of the gateway.")),
    }
    Ok(())
}

fn audit(sim: &DiscordSim, body: &Value) -> Result<(), Refusal> {
    let rows =
        |name: &str| body.get(name).and_then(Value::as_u64).and_then(|rows| usize::try_from(rows).ok());
    match (rows("late"), rows("lost"), rows("untold"), body.get("write").and_then(Value::as_bool)) {
        (Some(rows), None, None, None) => sim.late_audit(rows),
        (None, Some(rows), None, None) => sim.lose_audit(rows),
        (None, None, Some(rows), None) => sim.untold_audit(rows),
        (None, None, None, Some(true)) => sim.write_late_rows(),
        _ => return Err(invalid("audit", "BASE_TYPE_CHOICES", "There is no such mood of the audit log.")),
    }
    Ok(())
}

async fn interact(sim: &DiscordSim, body: &Value) -> Result<Value, Refusal> {
    let user = id(body, "user")?;
    let what = interaction(body)?;
    let reply = match body.get("channel") {
        Some(_) => sim.interact_in(user, id(body, "channel")?, what).await,
        None => sim.interact(user, id(body, "guild")?, what).await,
    };
    Ok(json!(reply))
}

fn interaction(body: &Value) -> Result<Interaction, Refusal> {
    let name = text(body, "command").to_owned();
    let options = body.get("options").cloned().unwrap_or_default();
    if !name.is_empty() {
        let focused = body.get("focused").and_then(Value::as_str);
        return Ok(match focused {
            Some(focused) => Interaction::Autocomplete { name, options, focused: focused.into() },
            None => Interaction::Command { name, options },
        });
    }
    if let Some(custom_id) = body.get("button").and_then(Value::as_str) {
        return Ok(Interaction::Button { message: id(body, "message")?, custom_id: custom_id.into() });
    }
    if let Some(custom_id) = body.get("select").and_then(Value::as_str) {
        let values = body.get("values").and_then(Value::as_array).cloned().unwrap_or_default();
        let values = values.iter().filter_map(|value| value.as_str().map(Into::into)).collect();
        return Ok(Interaction::Select {
            message: id(body, "message")?,
            custom_id: custom_id.into(),
            values,
        });
    }
    let fields = body.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
    let fields = fields.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().into()));
    let custom_id = text(body, "modal").to_owned();
    Ok(Interaction::Modal { custom_id, fields: fields.collect(), message: id(body, "message").ok() })
}

fn fault(body: &Value) -> FaultRule {
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    let status = |name: &str| number(name).and_then(|status| u16::try_from(status).ok());
    let fault = if let Some(html) = status("html") {
        Fault::Html(html)
    } else if let Some(wait) = number("retry_after_ms") {
        let scope = match text(body, "scope") {
            "global" => "global",
            "shared" => "shared",
            _ => "user",
        };
        Fault::Limited { scope, retry_after_ms: i64::try_from(wait).unwrap_or(0) }
    } else {
        Fault::Status(status("status").unwrap_or(500))
    };
    let times = number("times").and_then(|times| u32::try_from(times).ok()).unwrap_or(1);
    FaultRule::next(text(body, "method"), text(body, "route"), fault).times(times)
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn id(body: &Value, name: &str) -> Result<Snowflake, Refusal> {
    let found = text(body, name);
    found.parse().map_err(|_| invalid(name, "NUMBER_TYPE_COERCE", "This must be an id."))
}
