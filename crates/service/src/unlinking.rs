//! Unlinking: what the hall gave is taken back, what it knew is forgotten.

use std::collections::BTreeSet;

use domain::ids::{RoleId, SourceName, UserId};
use domain::plan::Importance;
use domain::situation::{Departure, Mode, NicknameBack, RoleRule};
use store::Tx;

use crate::audit::Entry;
use crate::error::Error;
use crate::hall::{Asker, GuildSeat, Hall};
use crate::jobs::{self, settle_member};
use crate::linking::LinkedAccount;
use crate::overrides;
use crate::reconcile::departure;

impl Hall {
    /// Ends a link. Deletes it with the account's facts and remembered names, and has the managed roles that are
    /// exact or that the hall gave taken back in every guild, and the nickname given back unless it was changed
    /// since. Only ids stay, in the audit log.
    ///
    /// Somebody who has other links keeps what the rules still give through those.
    pub async fn unlink(&self, asker: &Asker, source: Option<&SourceName>) -> Result<LinkedAccount, Error> {
        let account = self.account_to_unlink(asker, source).await?;
        let seat = self.source(&account.source)?;
        let now = self.clock.now();
        let others = self.linked_accounts(asker).await?.len() > 1;
        let mut tx = self.store.write().await?;
        let member = tx.member_by_subject(self.discord_place, &asker.user.into()).await?;
        for guild in self.rules.now().guilds() {
            let departure = answered_for(&mut tx, guild, asker.user, others.then_some(seat.index)).await?;
            if !departure.roles.is_empty() || departure.nickname.is_some() {
                departure::note(&mut tx, guild.id, departure, now).await?;
            }
            let order = settle_member::order(guild.id, asker.user, Importance::Urgent, now);
            jobs::order(&mut tx, order.hinted(Some(now))).await?;
        }
        if let Some(member) = member {
            tx.unlink(member, seat.place, self.discord_place).await?;
        }
        tx.end_all_of_user(asker.user).await?;
        Entry::unlinked(asker.user, seat.place, &account.subject).write(&mut tx, now).await?;
        tx.commit().await?;
        tracing::info!(user = %asker.user, source = %seat.name, "an account was unlinked");
        self.wake.notify_one();
        Ok(account)
    }

    /// Which link `/unlink` means; refuses when there is none, or several and none was named.
    pub async fn account_to_unlink(
        &self,
        asker: &Asker,
        source: Option<&SourceName>,
    ) -> Result<LinkedAccount, Error> {
        let mut linked = self.linked_accounts(asker).await?;
        linked.retain(|account| source.is_none_or(|name| account.source == *name));
        match (linked.pop(), linked.len()) {
            (None, _) => Err(Error::refused(
                "You are not linked, so there is nothing to undo. /link links your accounts.",
            )),
            (Some(account), 0) => Ok(account),
            (Some(_), _) => {
                Err(Error::refused("You have linked several accounts; say which one: /unlink forum:…"))
            }
        }
    }
}

/// What is to be taken back in a guild. Of somebody who keeps other links only the roles of rules that ask the
/// source that is left: what the others still say of them, the rules go on judging.
async fn answered_for(
    tx: &mut Tx,
    guild: &GuildSeat,
    user: UserId,
    left: Option<usize>,
) -> Result<Departure, store::Error> {
    let bound = tx.role_bindings(guild.id).await?;
    let given: BTreeSet<RoleId> = tx
        .given_roles_of(user)
        .await?
        .into_iter()
        .filter(|given| given.guild == guild.id)
        .map(|given| given.role)
        .collect();
    let theirs = overrides::held(tx, guild.id, user).await?;
    let asks =
        |rule: &RoleRule| left.is_none_or(|source| rule.when.facts().any(|fact| fact.source == source));
    let ruled = guild
        .rules
        .roles
        .iter()
        .filter(|rule| asks(rule))
        .filter_map(|rule| Some((rule.mode, *bound.get(&rule.role)?)));
    let mut roles: BTreeSet<RoleId> = ruled
        .filter(|(mode, role)| *mode == Mode::Exact || given.contains(role))
        .map(|(_, role)| role)
        .collect();
    if left.is_some() {
        roles.retain(|role| !theirs.contains(role));
        return Ok(Departure { user, roles: roles.into_iter().collect(), nickname: None, released: false });
    }
    // Also what a rule gave that is not in the settings any more.
    roles.extend(given);
    roles.retain(|role| !theirs.contains(role));
    let nickname = tx.nickname(guild.id, user).await?;
    let nickname = nickname.map(|row| NicknameBack {
        became: row.became_print,
        asked: Some(row.asked_print),
        before: row.before,
    });
    Ok(Departure { user, roles: roles.into_iter().collect(), nickname, released: false })
}
