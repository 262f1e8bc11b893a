//! A person's profile, as the person or as a visitor may see it.

mod markdown;

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use service::ports::{Profile, ProfileViewer, SourceError, WhoseProfile};
use url::Url;

use crate::client::{Answer, Client, Question, SEGMENT, Urgency, unproven};
use crate::read::one::{admin_user, user_id};
use crate::read::{GroupOfUser, Maybe};
use domain::ids::Subject;

/// Discourse allows 60 characters at most; a longer name is nobody's.
const USERNAME_CHARS_MAX: usize = 60;

/// The side of the picture, in pixels.
const PICTURE_PIXELS: &str = "240";

/// Groups whose visibility is above this are hidden from their own members (`Group.visibility_levels`).
const VISIBLE_TO_MEMBERS: i64 = 2;

#[derive(Debug, Deserialize)]
struct Page {
    user: User,
}

#[derive(Debug, Deserialize)]
struct User {
    id: i64,
    username: String,
    #[serde(default)]
    name: Maybe<String>,
    #[serde(default)]
    title: Maybe<String>,
    #[serde(default)]
    trust_level: Option<i64>,
    #[serde(default)]
    avatar_template: Option<String>,
    #[serde(default)]
    bio_cooked: Option<String>,
    #[serde(default)]
    bio_excerpt: Option<String>,
    #[serde(default)]
    groups: Vec<GroupOfUser>,
}

/// Reads a profile. A visitor's eyes are a visitor's: the page is asked for without the key, so that what the
/// forum hides stays hidden, and a forum behind a sign-in shows nothing.
pub(crate) async fn profile(
    client: &Client,
    whose: &WhoseProfile,
    viewer: ProfileViewer,
) -> Result<Option<Profile>, SourceError> {
    let Some(username) = username(client, whose).await? else { return Ok(None) };
    let encoded = utf8_percent_encode(&username, SEGMENT).to_string();
    let question = Question {
        path: format!("/u/{encoded}.json"),
        route: "users/show",
        urgency: Urgency::Asked,
        with_key: viewer == ProfileViewer::Themselves,
    };
    let page: Page = match client.ask(&question).await {
        Ok(Answer::Found(page)) => page,
        Ok(Answer::NotThere) => return Ok(None),
        Ok(Answer::NotThereUnproven) => return Err(unproven(client.address())),
        Err(SourceError::Forbidden { .. }) if viewer == ProfileViewer::Visitor => return Ok(None),
        Err(error) => return Err(error),
    };
    if let WhoseProfile::Subject(subject) = whose
        && user_id(subject) != Some(page.user.id)
    {
        return Err(client.nonsense("it showed another person's profile than the one asked for"));
    }
    shown(client, page.user, viewer).map(Some)
}

/// The name of whoever is meant: a renamed person is found by id, a name that cannot be one is nobody's.
async fn username(client: &Client, whose: &WhoseProfile) -> Result<Option<String>, SourceError> {
    match whose {
        WhoseProfile::Username(name) => {
            let name = name.trim().trim_start_matches('@');
            let possible = !name.is_empty() && name.chars().count() <= USERNAME_CHARS_MAX;
            Ok(possible.then(|| name.to_owned()))
        }
        WhoseProfile::Subject(subject) => {
            let Some(id) = user_id(subject) else { return Ok(None) };
            match admin_user(client, id, Urgency::Asked).await? {
                Answer::Found(user) => Ok(Some(user.username)),
                Answer::NotThere => Ok(None),
                Answer::NotThereUnproven => Err(unproven(client.address())),
            }
        }
    }
}

fn shown(client: &Client, user: User, viewer: ProfileViewer) -> Result<Profile, SourceError> {
    let base = Url::parse(&format!("{}/", client.address()));
    let base = base.map_err(|error| client.nonsense(format!("its address is none ({error})")))?;
    let text = |text: &Maybe<String>| text.value().filter(|text| !text.is_empty()).cloned();
    let bios = [&user.bio_cooked, &user.bio_excerpt];
    let bio = bios.into_iter().flatten().find_map(|html| markdown::from_html(html, &base));
    let picture = user.avatar_template.as_deref().map(|template| template.replace("{size}", PICTURE_PIXELS));
    let shows = |group: &GroupOfUser| {
        let may_see = viewer == ProfileViewer::Visitor
            || group.visibility_level.is_some_and(|level| level <= VISIBLE_TO_MEMBERS);
        may_see && !is_everyones(group.id)
    };
    let encoded = utf8_percent_encode(&user.username, SEGMENT);
    Ok(Profile {
        subject: Some(Subject(user.id.to_string())),
        name: text(&user.name),
        title: text(&user.title),
        trust_level: user.trust_level,
        groups: user.groups.iter().filter(|group| shows(group)).map(|group| group.name.clone()).collect(),
        bio,
        picture: picture.and_then(|path| base.join(&path).ok()).map(String::from),
        page: format!("{}/u/{encoded}", client.address()),
        automatic: user.id <= 0,
        username: user.username,
    })
}

/// The groups of trust levels, and the one that is no group at all.
fn is_everyones(group: i64) -> bool {
    group == 0 || (10..=14).contains(&group)
}
