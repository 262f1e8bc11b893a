//! The forum's strings, for programs in any language: `/_sim/…`, JSON in, JSON out, no key asked.
//!
//! | call | does |
//! | --- | --- |
//! | `GET /_sim/state` | title, time, switches, groups, and people (`?limit=`, `?offset=`, by creation) |
//! | `GET /_sim/calls?after=N` | every call after number N |
//! | `GET /_sim/deliveries?after=N` | every webhook delivery after event N, with its answer |
//! | `POST /_sim/acts/NAME` | one act: `{"by", "person", …}`; people by number or name, groups likewise |
//! | `POST /_sim/webhooks` | `{"url", "secret", "event_types": ["user", …]}`; all types when none are named |
//! | `POST /_sim/faults` | `{"path", "method", "after", "times", "fault": "hang" | "reset" | …, "amount"}` |
//! | `DELETE /_sim/faults` | no more faults |
//! | `POST /_sim/switches` | any of `login_required`, `read_only`, `connect_enabled`, `limits`, `limit_factor` |
//! | `POST /_sim/clock` | `{"advance_ms"}` moves the world's time |
//!
//! Acts: `create_user`, `trust_level` (`level`), `lock_trust_level` (`locked`), `grant_admin`, `revoke_admin`,
//! `grant_moderation`, `revoke_moderation`, `suspend` (`till_ms` or `for_ms`, `reason`), `unsuspend`, `silence`,
//! `unsilence`, `activate`, `deactivate`, `log_out`, `anonymize`, `merge` (`into`), `destroy`, `rename`
//! (`username`), `profile` (`name`, `title`, `bio_raw`), `create_group` (`name`, `title`), `rename_group`
//! (`group`, `name`), `delete_group` (`group`), `add_to_group` and `remove_from_group` (`group`, `person`).

use http::Method;
use http::request::Parts;
use serde_json::{Value, json};

use super::ForumSim;
use super::acts::Refused;
use super::acts::account::PersonSpec;
use super::acts::group::{GroupChange, GroupSpec};
use super::acts::profile::ProfileChange;
use super::answer::Answer;
use super::faults::{Fault, FaultRule};
use super::groups::GroupId;
use super::limits::LimitKind;
use super::people::{List, Person, PersonId};
use super::state::Forum;
use super::webhooks::{Delivery, EVENT_TYPES};

/// People in one answer when nobody says how many.
const PEOPLE_PER_PAGE: usize = 200;

/// Calls and deliveries in one answer.
const ROWS_MAX: usize = 1000;

pub(super) fn answer(sim: &ForumSim, parts: &Parts, body: &[u8]) -> Answer {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let path = parts.uri.path().trim_start_matches("/_sim/");
    let query = parts.uri.query().unwrap_or_default();
    let number = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let is_post = parts.method == Method::POST;
    match (is_post, path) {
        (false, "state") => Answer::ok(&state(
            &sim.forum(),
            number("offset").unwrap_or_default(),
            number("limit").unwrap_or(PEOPLE_PER_PAGE),
        )),
        (false, "calls") => Answer::ok(&calls(&sim.forum(), number("after").unwrap_or_default())),
        (false, "deliveries") => Answer::ok(&deliveries(&sim.forum(), number("after").unwrap_or_default())),
        (false, "faults") if parts.method == Method::DELETE => {
            sim.forum().faults.clear();
            Answer::success()
        }
        (true, "webhooks") => webhook(sim, &asked),
        (true, "faults") => fault(sim, &asked),
        (true, "switches") => switches(&mut sim.forum(), &asked),
        (true, "clock") => {
            let forum = sim.forum();
            forum.clock.advance_ms(asked.get("advance_ms").and_then(Value::as_i64).unwrap_or_default());
            Answer::ok(&json!({"now_ms": forum.now_ms()}))
        }
        (true, act) if act.starts_with("acts/") => {
            match do_act(&mut sim.forum(), act.trim_start_matches("acts/"), &asked) {
                Ok(outcome) => Answer::ok(&json!({"ok": true, "outcome": outcome})),
                Err(refused) => Answer::json(422, &json!({"ok": false, "error": refused.to_string()})),
            }
        }
        _ => Answer::json(404, &json!({"ok": false, "error": "there is no such string to pull"})),
    }
}

fn state(forum: &Forum, offset: usize, limit: usize) -> Value {
    let people = forum.people.by_creation(List::Everybody).filter(|person| !person.is_machine());
    let rows: Vec<Value> = people.skip(offset).take(limit).map(|person| person_row(forum, person)).collect();
    let groups: Vec<Value> = forum
        .groups
        .all()
        .map(|group| {
            json!({
                "id": group.id, "name": group.name, "automatic": group.automatic,
                "title": group.title, "members": group.total(),
            })
        })
        .collect();
    json!({
        "title": forum.settings.title,
        "url": forum.base_url,
        "now_ms": forum.now_ms(),
        "read_only": forum.read_only,
        "login_required": forum.settings.login_required,
        "connect_enabled": forum.settings.connect_enabled,
        "limits": forum.limits.settings.enabled,
        "limit_factor": forum.limits.settings.factor,
        "people_total": forum.people.count(),
        "people": rows,
        "groups": groups,
    })
}

fn person_row(forum: &Forum, person: &Person) -> Value {
    let now_ms = forum.now_ms();
    let groups: Vec<&str> = person
        .memberships
        .iter()
        .filter_map(|place| forum.groups.get(place.group))
        .filter(|group| !group.automatic)
        .map(|group| group.name.as_str())
        .collect();
    json!({
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "title": person.title,
        "trust_level": person.trust_level,
        "locked": person.locked_level.is_some(),
        "admin": person.admin,
        "moderator": person.moderator,
        "active": person.active,
        "staged": person.staged,
        "suspended_till_ms": person.suspension(now_ms).map(|penalty| penalty.till_ms),
        "silenced_till_ms": person.silence(now_ms).map(|penalty| penalty.till_ms),
        "groups": groups,
    })
}

fn calls(forum: &Forum, after: usize) -> Value {
    let after = u64::try_from(after).unwrap_or_default();
    let rows: Vec<_> = forum.calls.iter().filter(|call| call.number > after).take(ROWS_MAX).collect();
    json!({"calls": rows, "total": forum.calls_total})
}

fn deliveries(forum: &Forum, after: usize) -> Value {
    let after = i64::try_from(after).unwrap_or_default();
    let row = |delivery: &Delivery| {
        json!({
            "id": delivery.id, "webhook": delivery.webhook, "event": delivery.event,
            "event_type": delivery.event_type, "url": delivery.url, "at_ms": delivery.at_ms,
            "status": delivery.status, "answer": delivery.answer, "body": delivery.body,
            "attempts": delivery.attempts,
        })
    };
    let rows = forum.webhooks.deliveries.iter().filter(|delivery| delivery.id > after).take(ROWS_MAX);
    json!({ "deliveries": rows.map(row).collect::<Vec<_>>() })
}

fn webhook(sim: &ForumSim, asked: &Value) -> Answer {
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let named: Vec<&str> = asked
        .get("event_types")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let types: Vec<&str> = match named.is_empty() {
        true => EVENT_TYPES.iter().map(|(_, name)| *name).collect(),
        false => named,
    };
    Answer::ok(&json!({"id": sim.add_webhook(text("url"), text("secret"), &types)}))
}

fn fault(sim: &ForumSim, asked: &Value) -> Answer {
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| asked.get(name).and_then(Value::as_u64).unwrap_or_default();
    let small = |name: &str| u32::try_from(number(name)).unwrap_or_default();
    let bytes = usize::try_from(number("amount")).unwrap_or_default();
    let seconds = i64::try_from(number("amount")).unwrap_or_default();
    let fault = match text("fault") {
        "too_many_admin_key" => Fault::TooMany(LimitKind::AdminKey, seconds),
        "too_many_address" => Fault::TooMany(LimitKind::Address, seconds),
        "too_many_front" => Fault::TooMany(LimitKind::FrontProxy, seconds),
        "too_many_sign_in" => Fault::TooMany(LimitKind::SignIn, seconds),
        "status" => Fault::Status(u16::try_from(number("amount")).unwrap_or(500)),
        "html" => Fault::HtmlOk,
        "empty_list" => Fault::EmptyList,
        "truncated" => Fault::Truncated(bytes),
        "broken" => Fault::BrokenAfter(bytes),
        "hang" => Fault::Hang,
        "reset" => Fault::Reset,
        "late" => Fault::Late(number("amount")),
        "slow" => Fault::Slow(number("amount")),
        "key_revoked" => Fault::KeyRevoked,
        _ => return Answer::json(422, &json!({"ok": false, "error": "there is no such fault"})),
    };
    sim.fault(FaultRule {
        method: text("method").to_owned(),
        path: text("path").to_owned(),
        after: small("after"),
        times: small("times").max(1),
        fault,
    });
    Answer::ok(&json!({"ok": true}))
}

fn switches(forum: &mut Forum, asked: &Value) -> Answer {
    let set = |switch: &mut bool, name: &str| {
        *switch = asked.get(name).and_then(Value::as_bool).unwrap_or(*switch);
    };
    set(&mut forum.settings.login_required, "login_required");
    set(&mut forum.settings.connect_enabled, "connect_enabled");
    set(&mut forum.read_only, "read_only");
    set(&mut forum.limits.settings.enabled, "limits");
    if let Some(factor) = asked.get("limit_factor").and_then(Value::as_u64) {
        forum.limits.settings.factor = u32::try_from(factor).unwrap_or(u32::MAX);
    }
    Answer::ok(&json!({"ok": true}))
}

/// What an act is told about.
struct Asked<'a>(&'a Value);

impl Asked<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(Value::as_str).map(str::to_owned)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    fn person(&self, forum: &Forum, name: &str) -> Result<PersonId, Refused> {
        let by_name = self.text(name).and_then(|text| forum.people.named(&text)).map(|person| person.id);
        by_name.or_else(|| self.number(name).map(PersonId)).ok_or(Refused::NotFound)
    }

    fn group(&self, forum: &Forum) -> Result<GroupId, Refused> {
        let by_name = self.text("group").and_then(|text| forum.groups.named(&text)).map(|group| group.id);
        by_name.or_else(|| self.number("group").map(GroupId)).ok_or(Refused::NotFound)
    }
}

fn do_act(forum: &mut Forum, act: &str, fields: &Value) -> Result<Value, Refused> {
    let asked = Asked(fields);
    let admin = forum.people.named(&forum.settings.admin).map(|person| person.id).ok_or(Refused::NotFound)?;
    let by = asked.person(forum, "by").unwrap_or(admin);
    if let Some(outcome) = group_act(forum, act, fields, by) {
        return outcome;
    }
    if act == "create_user" {
        let spec = new_person(&asked);
        return forum.create_person(spec).map(|id| json!(id));
    }
    let id = asked.person(forum, "person")?;
    let reason = asked.text("reason").unwrap_or_else(|| "by the simulation".to_owned());
    let till_ms =
        asked.number("till_ms").or_else(|| asked.number("for_ms").map(|span| forum.now_ms() + span));
    match act {
        "trust_level" => {
            let level = asked.number("level").and_then(|level| u8::try_from(level).ok()).unwrap_or(u8::MAX);
            forum.set_trust_level(by, id, level)?;
        }
        "lock_trust_level" => {
            let locked = asked.flag("locked");
            forum.lock_trust_level(by, id, locked)?;
        }
        "grant_admin" => forum.grant_admin(by, id)?,
        "revoke_admin" => forum.revoke_admin(by, id)?,
        "grant_moderation" => forum.grant_moderation(by, id)?,
        "revoke_moderation" => forum.revoke_moderation(by, id)?,
        "suspend" => {
            let till_ms = till_ms.unwrap_or(forum.now_ms() + super::acts::standing::FOR_EVER_MS);
            forum.suspend(by, id, till_ms, &reason, None)?;
        }
        "unsuspend" => forum.unsuspend(by, id)?,
        "silence" => forum.silence(by, id, till_ms, &reason, None)?,
        "unsilence" => forum.unsilence(by, id)?,
        "activate" => forum.activate(by, id)?,
        "deactivate" => forum.deactivate(by, id)?,
        "log_out" => forum.log_out(by, id)?,
        "anonymize" => return forum.anonymize(by, id).map(|username| json!(username)),
        "merge" => {
            let into = asked.person(forum, "into")?;
            forum.merge(by, id, into)?;
        }
        "destroy" => forum.destroy(by, id)?,
        "rename" => {
            let username = asked.text("username").unwrap_or_default();
            forum.rename(by, id, &username)?;
        }
        "profile" => {
            let change = ProfileChange {
                name: asked.text("name"),
                title: asked.text("title"),
                bio_raw: asked.text("bio_raw"),
                ..ProfileChange::default()
            };
            forum.update_profile(by, id, &change)?;
        }
        _ => return Err(Refused::invalid("there is no such act")),
    }
    Ok(Value::Null)
}

fn new_person(asked: &Asked) -> PersonSpec {
    let level = asked.number("trust_level").and_then(|level| u8::try_from(level).ok());
    PersonSpec {
        name: asked.text("name"),
        password: asked.text("password"),
        title: asked.text("title"),
        trust_level: level.unwrap_or(1),
        second_factor: asked.flag("second_factor"),
        active: !asked.flag("inactive"),
        staged: asked.flag("staged"),
        ..PersonSpec::new(&asked.text("username").unwrap_or_default())
    }
}

/// An act about a group; none when the act is about a person alone.
fn group_act(forum: &mut Forum, act: &str, fields: &Value, by: PersonId) -> Option<Result<Value, Refused>> {
    let asked = Asked(fields);
    let name = asked.text("name").unwrap_or_default();
    let title = asked.text("title");
    let (group, person) = (asked.group(forum), asked.person(forum, "person"));
    let outcome = match act {
        "create_group" => {
            forum.create_group(by, GroupSpec { title, ..GroupSpec::new(&name) }).map(|id| json!(id))
        }
        "rename_group" => group.and_then(|group| {
            let change = GroupChange { name: Some(name), title, ..GroupChange::default() };
            forum.update_group(by, group, &change).map(|()| Value::Null)
        }),
        "delete_group" => group.and_then(|group| forum.delete_group(by, group).map(|()| Value::Null)),
        "add_to_group" => {
            group.and_then(|group| forum.add_to_group(by, group, &[person?], false).map(|()| Value::Null))
        }
        "remove_from_group" => group
            .and_then(|group| forum.remove_from_group(by, group, &[person?]).map(|removed| json!(removed))),
        _ => return None,
    };
    Some(outcome)
}
