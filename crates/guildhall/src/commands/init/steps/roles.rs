//! Which standing in the forum gives which role: both picked from lists of what is really there.

use ::discord::inspect::ServerSeen;
use domain::ids::GuildId;
use service::checkup::Verdict;
use toml::{Table, Value};

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
        None => State::Kept("left alone".to_owned()),
    },
    run: |session| Box::pin(nicknames(session)),
};

const NAME: &str = "roles";

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
        told(session)?;
        session.say("Who gets a role?")?;
        let shown: Vec<&str> = standings.iter().map(|(shown, _)| shown.as_str()).collect();
        let chosen =
            pick(session, &shown, "Its number, Enter when you have all, b to take the last one back").await;
        let standing = match chosen {
            Ok(Some(chosen)) => standings.get(chosen),
            Ok(None) => {
                session.notes(NAME, Verdict::Ok);
                return Ok(());
            }
            Err(Picked::Back) => {
                back(session)?;
                continue;
            }
            Err(Picked::Left(left)) => return Err(left),
        };
        let Some((shown, when)) = standing else { continue };
        session.say(&format!(
            "Which role of {} for {shown}? (Roles above the bot's own, of other bots, or with power over the server are not \
             in this list.)",
            seen.picture.name
        ))?;
        let names: Vec<&str> = roles.iter().map(String::as_str).collect();
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

fn told(session: &Session) -> Result<(), Left> {
    let text =
        |rule: &Table, name: &str| rule.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    for rule in rules(session) {
        session.say(&format!("  {} for whom {} holds", text(&rule, "role"), text(&rule, "when")))?;
    }
    Ok(())
}

/// Adds a rule; a role that has one already is given for either reason.
fn add(session: &mut Session, role: &str, when: &str) -> Result<(), Left> {
    let mut rules = rules(session);
    let same = rules.iter_mut().find(|rule| rule.get("role").and_then(Value::as_str) == Some(role));
    match same {
        Some(rule) => {
            let before = rule.get("when").and_then(Value::as_str).unwrap_or_default();
            let either = if before == when { when.to_owned() } else { format!("{before} || {when}") };
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

fn back(session: &mut Session) -> Result<(), Left> {
    let mut rules = rules(session);
    rules.pop();
    session.keep(Key::ROLES, rules.into_iter().map(Value::Table).collect::<Vec<_>>())?;
    Ok(())
}

/// Why nothing was picked.
pub(super) enum Picked {
    /// The owner wants the last one back.
    Back,
    /// Nobody answers any more.
    Left(Left),
}

impl From<Picked> for Left {
    fn from(picked: Picked) -> Self {
        match picked {
            Picked::Back => Self::Ended,
            Picked::Left(left) => left,
        }
    }
}

/// Shows a list, and asks for the number of one; `None` for an empty answer. Asks again for what is no number of it.
pub(super) async fn pick(
    session: &mut Session,
    all: &[&str],
    question: &str,
) -> Result<Option<usize>, Picked> {
    for (number, one) in all.iter().enumerate() {
        session.say(&format!("{:>5}  {one}", number + 1)).map_err(|error| Picked::Left(error.into()))?;
    }
    loop {
        let answer = session.ask(&format!("{question}: ")).await.map_err(Picked::Left)?;
        match answer.as_str() {
            "" => return Ok(None),
            "b" => return Err(Picked::Back),
            number => {
                let chosen = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                if let Some(chosen) = chosen.filter(|chosen| *chosen < all.len()) {
                    return Ok(Some(chosen));
                }
            }
        }
    }
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
        return Ok(());
    };
    let rule = Table::from_iter([
        ("template".to_owned(), Value::String(template.replace('{', &format!("{{{name}.")))),
        ("prefer".to_owned(), Value::String((*prefer).to_owned())),
    ]);
    session.keep(Key::NICKNAME, rule)?;
    Ok(())
}
