//! A forum profile as a card.

use service::ports::Profile;

use super::markdown::escape;
use super::{Card, Message};

/// The name of each trust level, as forums have them.
const TRUST_LEVELS: [&str; 5] = ["new user", "basic user", "member", "regular", "leader"];

/// How many groups are named.
const GROUPS_MAX: usize = 20;

/// Who somebody is in the forum. What the profile does not say is left out.
pub(crate) fn card(profile: &Profile) -> Message {
    let shown = profile.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&profile.username);
    let mut fields = Vec::new();
    if shown != profile.username {
        fields.push(("Name in the forum", escape(&profile.username)));
    }
    if let Some(title) = profile.title.as_deref().filter(|title| !title.is_empty()) {
        fields.push(("Title", escape(title)));
    }
    if let Some(level) = profile.trust_level {
        let name = usize::try_from(level).ok().and_then(|level| TRUST_LEVELS.get(level));
        fields
            .push(("Trust level", name.map_or_else(|| level.to_string(), |name| format!("{level}, {name}"))));
    }
    if !profile.groups.is_empty() {
        fields.push(("Groups", groups(&profile.groups)));
    }
    Message::card(Card {
        title: escape(shown),
        address: Some(profile.page.clone()),
        picture: profile.picture.clone(),
        lines: profile.bio.clone().into_iter().collect(),
        fields,
        footer: profile.automatic.then(|| "A program of the forum, not a person".to_owned()),
        ..Card::default()
    })
}

fn groups(groups: &[String]) -> String {
    let mut named: Vec<String> = groups.iter().take(GROUPS_MAX).map(|group| escape(group)).collect();
    if groups.len() > GROUPS_MAX {
        named.push(format!("and {} more", groups.len() - GROUPS_MAX));
    }
    named.join(", ")
}
