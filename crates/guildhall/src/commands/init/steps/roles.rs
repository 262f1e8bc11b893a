//! Which standing in the forum gives which role: both picked from lists of what is really there.

use ::discord::inspect::ServerSeen;
use domain::ids::GuildId;
use service::checkup::Verdict;
use toml::{Table, Value};

use super::pick::{Picked, pick, pick_or_back};
use super::{Session, State, Step, discord, forum};
use crate::commands::init::draft::Key;
use crate::commands::init::terminal::Left;

pub(super) const ROLES: Step = Step {
    title: "Roles",
    state: |session| session.state(NAME, words(session)),
    run: |session| Box::pin(run(session)),
};

pub(super) const NICKNAMES: Step = Step {
    title: "Nicknames (may be left out)",
    state: |session| match session.draft.value(Key::NICKNAME) {
        Some(rule) => State::Done(template(rule)),
        None if session.tried.contains_key(NICKNAME) => State::Done("left alone".to_owned()),
        None => State::Optional,
    },
    run: |session| Box::pin(nicknames(session)),
};

const NAME: &str = "roles";
const NICKNAME: &str = "nickname";

/// Between two conditions of which either is enough.
const EITHER: &str = " || ";

/// A standing as people call it, and as a rule says it behind the forum's name.
type Standing = (String, String);

fn words(session: &Session) -> Option<String> {
    let rules = rules(session);
    let names: Vec<&str> = rules.iter().filter_map(|rule| rule.get("role").and_then(Value::as_str)).collect();
    Some(names.join(", ")).filter(|names| !names.is_empty())
}

async fn run(session: &mut Session) -> Result<(), Left> {
    let Some(seen) = server(session).await? else { return Ok(()) };
    let Some(standings) = standings(session).await? else { return Ok(()) };
    let roles = seen.givable();
    if roles.is_empty() {
        session.say(&format!(
            "The bot can give no role of {} yet: make the roles there (Server Settings, Roles), and drag the bot's own role \
             above them. Roles with power over the server, and those of other bots, are never given.",
            seen.picture.name
        ))?;
        return Ok(());
    }
    loop {
        told(session, &standings)?;
        session.say("Who gets a role?")?;
        let shown: Vec<&str> = standings.iter().map(|(shown, _)| shown.as_str()).collect();
        let chosen =
            pick_or_back(session, &shown, "Its number, Enter when you have all, b to take the last one back")
                .await?;
        let standing = match chosen {
            Picked::One(chosen) => standings.get(chosen),
            Picked::Nothing => {
                session.notes(NAME, Verdict::Ok);
                return Ok(());
            }
            Picked::Back => {
                back(session, &standings)?;
                continue;
            }
        };
        let Some((shown, when)) = standing else { continue };
        session.say(&format!(
            "Which role of {} for {shown}? (Roles above the bot's own, of other bots, or with power over the server are not \
             in this list.)",
            seen.picture.name
        ))?;
        let marked = marked(session, &roles, &standings);
        let names: Vec<&str> = marked.iter().map(String::as_str).collect();
        let chosen = pick(session, &names, "Its number, Enter for none").await?;
        if let Some(role) = chosen.and_then(|chosen| roles.get(chosen)) {
            add(session, role, when)?;
        }
    }
}

/// The server, once it was answered.
async fn server(session: &mut Session) -> Result<Option<ServerSeen>, Left> {
    let Some(guild) = session.draft.text(Key::GUILD_ID).and_then(|id| id.parse().ok()).map(GuildId) else {
        session.say("The Discord server has to be known first: step 4.")?;
        return Ok(None);
    };
    let Some((inspect, bot)) = discord::connected(session).await? else { return Ok(None) };
    match inspect.server(guild, bot.user).await {
        Ok(seen) => Ok(Some(seen)),
        Err(check) => {
            session.shows(NAME, &[check])?;
            Ok(None)
        }
    }
}

/// Every standing that the forum knows, its own groups last.
async fn standings(session: &mut Session) -> Result<Option<Vec<Standing>>, Left> {
    let (Some(inspect), Some(name)) = (forum::inspect(session)?, forum::name(session)) else {
        return Ok(None);
    };
    let groups = match inspect.groups().await {
        Ok(groups) => groups,
        Err(check) => {
            session.shows(NAME, &[check])?;
            return Ok(None);
        }
    };
    let standing = |shown: &str, rule: &str| (shown.to_owned(), format!("{name}.{rule}"));
    let mut standings = vec![standing("admins", "admin"), standing("moderators", "moderator")];
    standings.extend(
        (0..=4).map(|level| (format!("trust level {level}"), format!("{name}.trust_level == {level}"))),
    );
    standings.extend(
        (1..=3).map(|level| {
            (format!("trust level {level} and above"), format!("{name}.trust_level >= {level}"))
        }),
    );
    let own = groups.iter().filter(|group| group.standard_name.is_none() && group.id.0 > 0);
    standings.extend(own.map(|group| {
        let hidden = if group.hidden { " (hidden in the forum)" } else { "" };
        let quoted = Value::String(group.name.clone());
        (format!("the group {}{hidden}", group.name), format!("{quoted} in {name}.groups"))
    }));
    Ok(Some(standings))
}

fn rules(session: &Session) -> Vec<Table> {
    let rules = session.draft.value(Key::ROLES).and_then(Value::as_array);
    rules.map(|rules| rules.iter().filter_map(Value::as_table).cloned().collect()).unwrap_or_default()
}

fn told(session: &Session, standings: &[Standing]) -> Result<(), Left> {
    for rule in rules(session) {
        session.say(&format!("  {}: {}", of(&rule, "role"), called(&rule, standings)))?;
    }
    Ok(())
}

fn of<'a>(rule: &'a Table, name: &str) -> &'a str {
    rule.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whom a rule means, as the list of standings calls them; what somebody wrote by hand stands as it is.
fn called(rule: &Table, standings: &[Standing]) -> String {
    let one = |part: &str| {
        let known = standings.iter().find(|(_, when)| when == part);
        known.map_or_else(|| part.to_owned(), |(shown, _)| shown.clone())
    };
    of(rule, "when").split(EITHER).map(one).collect::<Vec<_>>().join(", or ")
}

/// The roles for the list; those that have a rule already say whose they are.
fn marked(session: &Session, roles: &[String], standings: &[Standing]) -> Vec<String> {
    let rules = rules(session);
    let marked = |role: &String| match rules.iter().find(|rule| of(rule, "role") == role) {
        Some(rule) => format!("{role} (now for {}; then for either)", called(rule, standings)),
        None => role.clone(),
    };
    roles.iter().map(marked).collect()
}

/// Adds a rule; a role that has one already is given for either reason.
fn add(session: &mut Session, role: &str, when: &str) -> Result<(), Left> {
    let mut rules = rules(session);
    let same = rules.iter_mut().find(|rule| rule.get("role").and_then(Value::as_str) == Some(role));
    match same {
        Some(rule) => {
            let before = rule.get("when").and_then(Value::as_str).unwrap_or_default();
            let either = if before == when { when.to_owned() } else { format!("{before}{EITHER}{when}") };
            rule.insert("when".to_owned(), Value::String(either));
        }
        None => rules.push(Table::from_iter([
            ("role".to_owned(), Value::String(role.to_owned())),
            ("when".to_owned(), Value::String(when.to_owned())),
        ])),
    }
    session.keep(Key::ROLES, rules.into_iter().map(Value::Table).collect::<Vec<_>>())?;
    Ok(())
}

fn back(session: &mut Session, standings: &[Standing]) -> Result<(), Left> {
    let mut rules = rules(session);
    let Some(last) = rules.pop() else {
        session.say("There is nothing to take back.")?;
        return Ok(());
    };
    if session.keep(Key::ROLES, rules.into_iter().map(Value::Table).collect::<Vec<_>>())? {
        session.say(&format!("Taken back: {} for {}.", of(&last, "role"), called(&last, standings)))?;
    }
    Ok(())
}

fn template(rule: &Value) -> String {
    rule.get("template").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// How members may be called, for the list, with the template and what stands where it says name.
const CALLED: [(&str, &str, &str); 3] = [
    ("by their name in the forum", "{name}", "name"),
    ("by their username in the forum", "{username}", "username"),
    ("by title and name", "{title} {name}", "name"),
];

async fn nicknames(session: &mut Session) -> Result<(), Left> {
    session.say("How are linked members called in the server?")?;
    let mut shown: Vec<&str> = CALLED.iter().map(|(shown, _, _)| *shown).collect();
    shown.push("as they are: nicknames are left alone");
    let chosen = pick(session, &shown, "Its number").await?;
    let (Some(chosen), Some(name)) = (chosen, forum::name(session)) else { return Ok(()) };
    let Some((_, template, prefer)) = CALLED.get(chosen) else {
        if let Err(why) = session.draft.forget(Key::NICKNAME) {
            session.say(&why)?;
        }
        session.notes(NICKNAME, Verdict::Ok);
        return Ok(());
    };
    let rule = Table::from_iter([
        ("template".to_owned(), Value::String(template.replace('{', &format!("{{{name}.")))),
        ("prefer".to_owned(), Value::String((*prefer).to_owned())),
    ]);
    session.keep(Key::NICKNAME, rule)?;
    Ok(())
}
