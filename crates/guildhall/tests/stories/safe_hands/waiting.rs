//! What people read of what waits: members about themselves, owners about others.

use sim::discord::{Fault, FaultRule, RoleSpec, permission};
use sim::forum::PersonSpec;

use super::guarded::{TWO, crewed, everybody};
use crate::bad_days::{Harbor, SWEEP, harbor_with};
use crate::{Engine, forum_person, person};

const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
const WARDEN: &str =
    "[[guild.role]]\nrole = 'Warden'\nwhen = 'forum.trust_level >= 3'\npermits = ['ban_members']\n";

/// A rule gives Warden, which may ban, to Mira, who waits for it.
async fn wardens(engine: &Engine, more: &[&str]) -> Harbor {
    let rules: Vec<String> = more.iter().chain([&WARDEN]).map(|&rule| rule.to_owned()).collect();
    let harbor = harbor_with(engine, |forum| forum, &rules).await;
    let warden = RoleSpec { permissions: permission::BAN_MEMBERS, ..RoleSpec::named("Warden") };
    harbor.world.discord_sim().add_role(harbor.world.guild(), &warden).unwrap();
    harbor.hall.passes(SWEEP).await;
    harbor.world.transcript();
    harbor
}

/// Somebody new, whom the rule means.
fn arrives(harbor: &Harbor, name: &str) {
    harbor.forum().create_user(PersonSpec { trust_level: 3, ..PersonSpec::new(name) }).unwrap();
    let discord = harbor.world.discord_sim();
    let user = discord.create_user(&format!("{name}_d"), None);
    discord.join(harbor.world.guild(), user).unwrap();
}

fn read_by(harbor: &Harbor, name: &str) -> Vec<String> {
    let user = person(&harbor.world, name).person.user();
    harbor
        .world
        .discord_sim()
        .dms(user)
        .into_iter()
        .map(|message| message.content.replace('\\', ""))
        .collect()
}

stories! {
    async fn a_member_reads_that_a_change_waits_and_not_that_it_comes(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.holders("Regular").len(), 7);
        harbor.world.transcript();
        person(&harbor.world, "una_d").runs("/why").await;
        person(&harbor.world, "una_d").runs("/sync").await;
        harbor.hall.settle().await;
        assert_told!(harbor.world.transcript(), @r"
        una_d runs /why
          Why you have what you have
          **Regular**: still yes; taking it waits for the staff's word (plan 8), because your trust level is 1.
          Read <t:…:R>.
        una_d runs /sync
          Looked again
          **Regular** is to be taken; that waits for the staff's word (plan 8).
        ");
        let why = harbor.hall.inside().why(harbor.guild(), "una").await.unwrap();
        assert_eq!(why.roles[0].waits.unwrap().to_string(), "waits for the staff's word (plan 8)");
    }

    async fn whoever_is_about_to_link_reads_that_power_waits_for_the_staff(engine) {
        let harbor = wardens(&engine, &[]).await;
        arrives(&harbor, "vera");
        harbor.hall.passes(SWEEP).await;
        let page = person(&harbor.world, "vera_d").reaches_the_forum().await.signs_in("vera").await;
        assert!(page.says().contains("that waits for the staff's word"), "{}", page.says());
        harbor.world.transcript();
    }

    async fn whoever_linked_reads_whether_a_role_waits_or_discord_refused_it(engine) {
        let harbor = wardens(&engine, &[REGULAR]).await;
        let discord = harbor.world.discord_sim();
        arrives(&harbor, "vera");
        harbor.hall.passes(SWEEP).await;
        discord.fault(FaultRule::next("PUT", "/roles/{role}", Fault::Status(403)).times(1));
        person(&harbor.world, "vera_d").links_with("vera").await;
        harbor.hall.settle().await;
        let read = read_by(&harbor, "vera_d").join("\n");
        assert!(read.contains("• Regular could not be given just now, although your trust level is 3."), "{read}");
        assert!(read.contains("• Warden waits for the staff's word"), "{read}");
        harbor.world.transcript();
    }

    async fn each_who_waits_for_power_is_news_and_has_a_button_below_the_plan(engine) {
        let harbor = wardens(&engine, &[]).await;
        assert_eq!(harbor.owner_read().len(), 1);
        let says = "In the server, /plan shows who and why. To agree, type /apply plan:1 count:1 there. Below /plan, a \
                    button gives a role with power to one member alone.";
        let read = harbor.owner_read()[0].replace('\\', "");
        assert!(read.ends_with(says), "{read}");
        for name in ["vera", "wilma", "xenia"] {
            arrives(&harbor, name);
            harbor.hall.passes(SWEEP).await;
            person(&harbor.world, &format!("{name}_d")).links_with(name).await;
            harbor.hall.settle().await;
        }
        assert_eq!(harbor.owner_read().len(), 4, "{:?}", harbor.owner_read());
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.owner_read().len(), 4);
        harbor.world.transcript();
        person(&harbor.world, "owner").runs("/plan").await.presses("Give Warden to wilma").await;
        harbor.hall.settle().await;
        assert_told!(harbor.world.transcript(), @r"
        owner runs /plan
          In **Harbor** 4 changes wait for your word, as of <t:…:R>:
          • 4 would be given the role “Warden”, which carries power over the community, and did not show a second factor when they linked.
          Plan 4: + 4 roles given
          __Waits for your word__
          **+ Warden** (4)
          + <@mira_d> (mira): trust level 3 on forum
          + <@vera_d> (vera): trust level 3 on forum
          + <@wilma_d> (wilma): trust level 3 on forum
          + <@xenia_d> (xenia): trust level 3 on forum
          [Apply] [Give Warden to mira] [Give Warden to vera] [Give Warden to wilma] [Give Warden to xenia]
        owner presses [Give Warden to wilma]
          You said yes: <@wilma_d> is being given <@&Warden>.
        the hall gives wilma_d Warden: Harbor: trust level 3 on forum
        ");
    }

    async fn whoever_may_not_read_a_plan_does_not_have_it_numbered_anew(engine) {
        let harbor = crewed(&engine, &[TWO, REGULAR]).await;
        let (discord, guild) = (harbor.world.discord_sim(), harbor.world.guild());
        let low = RoleSpec { permissions: permission::MANAGE_ROLES, ..RoleSpec::named("Low") };
        let low = discord.add_role(guild, &low).unwrap();
        let tove = person(&harbor.world, "tove_d");
        discord.lay_roles(guild, tove.person.user(), &[low]).unwrap();
        for name in everybody() {
            forum_person(&harbor.world, name).drifts_to_level(1).unwrap();
        }
        harbor.hall.passes(SWEEP).await;
        forum_person(&harbor.world, "una").drifts_to_level(2).unwrap();
        harbor.hall.passes(SWEEP).await;
        let plans = engine.count("select count(*) from plans").await;
        tove.runs("/plan").await;
        assert_eq!(engine.count("select count(*) from plans").await, plans);
        harbor.world.transcript();
    }
}
