//! Overrides: what people decided for one member and one role, or their nickname, against the rules.

use serde::{Deserialize, Serialize};

use crate::ids::{RoleId, UserId};
use crate::time::Timestamp;

/// Who made an override, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The member held the role before the rule came, and nobody has said yet whether they keep it.
    Before,
    /// The owner said that whoever held the role before the rule came keeps it.
    Kept,
    /// Somebody other than the hall gave or took the role in Discord.
    Hand(UserId),
    /// A run was taken back.
    Undo,
}

/// A standing exception for one member and one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoleOverride {
    /// For whom.
    pub user: UserId,
    /// Which role.
    pub role: RoleId,
    /// Whether they have it, whatever the rule says.
    pub has: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// Until when; `None` until somebody ends it.
    pub until: Option<Timestamp>,
}

impl RoleOverride {
    /// Why it stands, after "because".
    pub fn says(&self) -> &'static str {
        match (self.origin, self.has) {
            (Origin::Before, _) => "they held it before the rule came",
            (Origin::Kept, _) => "they held it before the rule came, and the owner lets them keep it",
            (Origin::Hand(_), true) => "somebody gave it by hand",
            (Origin::Hand(_), false) => "somebody took it by hand",
            (Origin::Undo, _) => "what the rule did was taken back",
        }
    }
}

/// A standing exception for one member's nickname.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameOverride {
    /// For whom.
    pub user: UserId,
    /// What it is, whatever the template says; `None` for no nickname.
    pub name: Option<String>,
    /// Until when; `None` until somebody ends it.
    pub until: Option<Timestamp>,
}

/// The overrides of a guild. Costs nothing for members who have none.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    roles: Vec<RoleOverride>,
    names: Vec<NameOverride>,
}

impl Overrides {
    /// All of them, in any order; of two for one member and role the first counts.
    pub fn of(mut roles: Vec<RoleOverride>, mut names: Vec<NameOverride>) -> Self {
        roles.sort_by_key(|known| (known.user, known.role));
        roles.dedup_by_key(|known| (known.user, known.role));
        names.sort_by_key(|known| known.user);
        names.dedup_by_key(|known| known.user);
        Self { roles, names }
    }

    /// What was decided for a member and a role, if that still stands.
    pub fn role(&self, user: UserId, role: RoleId, now: Timestamp) -> Option<RoleOverride> {
        let at = self.roles.binary_search_by_key(&(user, role), |known| (known.user, known.role)).ok()?;
        self.roles.get(at).filter(|known| stands(known.until, now)).copied()
    }

    /// What was decided for a member's nickname, if that still stands.
    pub fn name(&self, user: UserId, now: Timestamp) -> Option<&NameOverride> {
        let at = self.names.binary_search_by_key(&user, |known| known.user).ok()?;
        self.names.get(at).filter(|known| stands(known.until, now))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.roles.len() + self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn stands(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_none_or(|until| now < until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand(user: u64, role: u64, until: Option<i64>) -> RoleOverride {
        let (user, role, until) = (UserId(user), RoleId(role), until.map(Timestamp));
        RoleOverride { user, role, has: true, origin: Origin::Hand(UserId(9)), until }
    }

    #[test]
    fn an_override_is_found_for_its_member_and_role_until_it_ends() {
        let overrides =
            Overrides::of(vec![hand(3, 7, None), hand(1, 8, Some(100)), hand(1, 7, None)], vec![]);
        for (user, role, now, found) in [
            (1, 7, 0, true),
            (1, 8, 99, true),
            (1, 8, 100, false),
            (3, 7, i64::MAX, true),
            (3, 8, 0, false),
            (2, 7, 0, false),
        ] {
            let known = overrides.role(UserId(user), RoleId(role), Timestamp(now));
            assert_eq!(known.is_some(), found, "{user} {role} at {now}");
        }
    }

    #[test]
    fn a_nickname_override_says_what_the_name_is() {
        let name = NameOverride { user: UserId(1), name: None, until: Some(Timestamp(5)) };
        let overrides = Overrides::of(vec![], vec![name.clone()]);
        assert_eq!(overrides.name(UserId(1), Timestamp(4)), Some(&name));
        assert_eq!(overrides.name(UserId(1), Timestamp(5)), None);
    }
}
