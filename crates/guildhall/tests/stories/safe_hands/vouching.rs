//! Who may say yes to power over the community: whoever could give it by hand, and nobody to themselves.

use sim::discord::{RoleSpec, permission};

use crate::bad_days::{Harbor, SWEEP, harbor_with};
use crate::{Engine, person};

const WARDEN: &str =
    "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 3'\npermits = ['ban_members']\n";

/// Mira waits for Warden. She, Tove and Una manage the server; Una's role stands above Warden, the others' below.
async fn managed(engine: &Engine) -> Harbor {
    let harbor = harbor_with(engine, |forum| forum, &[WARDEN.to_owned()]).await;
    let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
    let role = |name: &str, permissions, position| {
        discord.add_role(guild, &RoleSpec { permissions, position, ..RoleSpec::named(name) }).unwrap()
    };
    let keeper = role("Keeper", permission::MANAGE_GUILD, 0);
    role("Warden", permission::BAN_MEMBERS, 3);
    let chief = role("Chief", permission::MANAGE_GUILD | permission::MANAGE_ROLES, 4);
    for (name, role) in [("mira_d", keeper), ("tove_d", keeper), ("una_d", chief)] {
        discord.lay_roles(guild, person(&harbor.world, name).person.user(), &[role]).unwrap();
    }
    harbor.hall.passes(SWEEP).await;
    harbor.world.transcript();
    harbor
}

stories! {
    async fn nobody_vouches_for_themselves_and_a_manager_below_a_role_with_power_vouches_for_nobody(engine) {
        let harbor = managed(&engine).await;
        harbor.mira.runs("/plan").await.presses("Apply").await.types("1").await;
        harbor.mira.runs("/apply count:1").await;
        person(&harbor.world, "tove_d").runs("/apply count:1").await;
        person(&harbor.world, "tove_d").runs("/apply plan:1 count:1").await;
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Keeper"]);
        person(&harbor.world, "una_d").runs("/apply count:1").await;
        harbor.hall.settle().await;
        assert_told!(harbor.world.transcript(), @r"
        mira_d runs /plan
          In **Harbor** 1 change waits for your word, as of <t:…:R>:
          • 1 would be given the role “Warden”, which carries power over the community, and did not show a second factor when they linked.
          Plan 1: + 1 role given
          __Waits for your word__
          **+ Warden** (1)
          + <@mira_d> (mira): trust level 3 on forum
          [Apply]
        mira_d presses [Apply]
          (a form) Apply plan 1: How many changes wait in it? Type the number that the plan shows; anything else changes nothing.
        mira_d types 1
          You would be given “Warden”, which has power over the community, and nobody vouches for themselves. Somebody else whose role stands above it has to agree, or the owner of the server.
        mira_d runs /apply count:1
          You would be given “Warden”, which has power over the community, and nobody vouches for themselves. Somebody else whose role stands above it has to agree, or the owner of the server.
        tove_d runs /apply count:1
          Plan 1 gives “Warden”, which has power over the community. To agree, you need the permission Manage Roles and a role of your own above it. The owner of the server may always agree.
        tove_d runs /apply plan:1 count:1
          Plan 1 gives “Warden”, which has power over the community. To agree, you need the permission Manage Roles and a role of your own above it. The owner of the server may always agree.
        una_d runs /apply count:1
          You said yes to plan 1 with 1 change. What of it is still needed is being written now. /undo plan:1 takes it back.
          [Undo]
        the hall gives mira_d Warden: Harbor: trust level 3 on forum
        ");
    }

    async fn whoever_stands_above_a_role_still_does_not_give_it_to_themselves(engine) {
        let harbor = managed(&engine).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let chief = harbor.role("Chief");
        discord.lay_roles(guild, harbor.mira.person.user(), &[chief]).unwrap();
        let (mira, warden) = (harbor.user("mira"), domain::ids::RoleId(harbor.role("Warden").get()));
        let by_herself = service::actor::Actor::User(mira);
        let hall = harbor.hall.inside();
        let said = hall.confirm_role(harbor.guild(), mira, warden, &by_herself).await;
        assert!(said.unwrap_err().to_string().contains("nobody vouches for themselves"));
        let said = hall.apply(harbor.guild(), None, Some(1), &by_herself).await;
        assert!(said.unwrap_err().to_string().contains("nobody vouches for themselves"));
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Chief", "Keeper"]);
        hall.confirm_role(harbor.guild(), mira, warden, &harbor.by_owner()).await.unwrap();
        harbor.hall.settle().await;
        assert!(harbor.mira.roles().iter().any(|role| role == "Warden"));
        harbor.world.transcript();
    }
}
