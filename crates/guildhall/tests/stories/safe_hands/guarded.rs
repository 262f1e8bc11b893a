//! A harbour whose crew is linked, with a brake small enough to be felt, and what its owner reads and says.

use domain::ids::{GuildId, PlanId, UserId};
use service::actor::Actor;
use service::plans::{Applied, PlanView, Undone};
use sim::forum::PersonSpec;

use crate::bad_days::{CREW, Harbor, SWEEP, harbor_with};
use crate::{Engine, forum_person, person};

/// Two may lose a role without a person's word, and anybody their last.
pub(super) const TWO: &str = "[guild.brake]\nremovals_least = 2\nstripped_least = 100\n";

/// Mira and the crew are linked, and have what the rules say.
pub(super) async fn crewed(engine: &Engine, rules: &[&str]) -> Harbor {
    let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    let harbor = harbor_with(engine, |forum| forum, &rules).await;
    harbor.links_the_crew().await;
    harbor
}

/// Everybody who is linked, as the forum calls them.
pub(super) fn everybody() -> impl Iterator<Item = &'static str> {
    ["mira"].into_iter().chain(CREW)
}

/// A crew by a rule whose forum may lose a tenth of its people, however few they are, and lost two just now.
pub(super) async fn two_fewer(engine: &Engine, rule: &str) -> Harbor {
    let harbor = crewed(engine, &["[guild.brake]\nshrink_least = 0\n", rule]).await;
    for name in ["ebb", "flow"] {
        harbor.forum().create_user(PersonSpec::new(name)).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    for name in ["ebb", "flow"] {
        forum_person(&harbor.world, name).is_deleted().unwrap();
    }
    harbor
}

impl Harbor {
    pub(super) fn guild(&self) -> GuildId {
        GuildId(self.world.guild().get())
    }

    pub(super) fn user(&self, name: &str) -> UserId {
        UserId(self.world.discord_sim().user_named(&format!("{name}_d")).unwrap().get())
    }

    /// The owner, as an actor.
    pub(super) fn by_owner(&self) -> Actor {
        Actor::User(UserId(self.owner().get()))
    }

    /// What would change now.
    pub(super) async fn plan(&self) -> PlanView {
        self.hall.inside().show_plan(self.guild(), &self.by_owner()).await.unwrap()
    }

    /// The owner agrees to so many changes of what waits, and it is written.
    pub(super) async fn applies(&self, typed: Option<usize>) -> Result<Applied, String> {
        let said = self.hall.inside().apply(self.guild(), None, typed, &self.by_owner()).await;
        self.hall.settle().await;
        said.map_err(|error| error.to_string())
    }

    /// The owner takes a plan back.
    pub(super) async fn undoes(&self, plan: PlanId) -> Result<Undone, String> {
        let said = self.hall.inside().undo(self.guild(), plan, &self.by_owner()).await;
        self.hall.settle().await;
        said.map_err(|error| error.to_string())
    }

    /// Whether somebody has a role, by what the forum calls them.
    pub(super) fn has(&self, name: &str, role: &str) -> bool {
        person(&self.world, &format!("{name}_d")).roles().iter().any(|is| is == role)
    }

    /// Who of the linked has a role.
    pub(super) fn holders(&self, role: &str) -> Vec<&'static str> {
        everybody().filter(|name| self.has(name, role)).collect()
    }

    /// What the hall wrote to the owner by direct message, from the first on.
    pub(super) fn owner_read(&self) -> Vec<String> {
        let messages = self.world.discord_sim().dms(self.owner());
        messages.into_iter().map(|message| message.content).collect()
    }
}
