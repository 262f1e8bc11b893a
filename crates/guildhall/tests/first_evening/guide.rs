//! docs/guide/first-evening.md, followed from the setting up to the first linked member.

use sim::browser::Browser;
use sim::cast::PASSWORD;
use sim::discord::Interaction;

use crate::init::{Evening, saves_their_profile};
use crate::typist::Typist;

#[tokio::test]
async fn the_guide_leads_to_the_first_linked_member() {
    let evening = Evening::begins().await;
    let (discord, guild) = (&evening.harbor.discord, evening.harbor.guild);

    // Step 4: Enter leads from each step to the next.
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("", &mut owner).await;
    evening.answers_discord(["", "", ""], &mut owner).await;
    evening.answers_the_forum(["", "", ""], &mut owner, &evening.harbor.forum.read_key()).await;
    owner.chooses("").await;
    let shown = owner.reads("Enter when it is saved: ").await;
    let secret = shown.trim_end().lines().last().unwrap().trim().to_owned();
    let address = format!("{}/hooks/forum", evening.hall);
    evening.harbor.forum.add_webhook(&address, &secret, crate::town::EVENTS);
    owner.types("").await;
    owner.reads("Enter stops the waiting.").await;
    saves_their_profile(&evening.harbor.forum);
    owner.reads("A real event came and was taken.").await;
    owner.chooses("").await;
    owner.answers("b to take the last one back: ", "9").await;
    owner.answers("Enter for none: ", "6").await;
    owner.answers("b to take the last one back: ", "").await;
    owner.chooses("f").await;
    let told = owner.reads("let the hall run").await;
    assert!(!told.contains("BROKEN"), "{told}");
    owner.leaves().await;

    // Step 5.
    let mut hall = Typist::serves(&evening.settings);
    hall.reads("the hall is open on").await;

    // Step 6. The command may take a moment to appear.
    let mira = discord.user_named("mira_d").unwrap();
    let before = discord.roles_of(guild, mira);
    let mut changes = discord.changes();
    let link = loop {
        let asked = Interaction::Command { name: "link".to_owned(), options: serde_json::Value::Null };
        let reply = discord.interact(mira, guild, asked).await;
        if let Some(link) = reply.links().into_iter().next() {
            break link;
        }
        changes.changed().await.unwrap();
    };
    let browser = Browser::new(evening.harbor.clock.clone()).unwrap();
    let page = browser.opens(&link).await.unwrap().presses("@mira_d").await.unwrap();
    let page = page.presses("Authorise").await.unwrap();
    let page = page.fills("Username or email", "mira").unwrap().fills("Password", PASSWORD).unwrap();
    let page = page.presses("Log in").await.unwrap();
    assert!(page.text().contains("Are both of these you?"), "{}", page.text());
    let page = page.presses("Link my accounts").await.unwrap();
    assert!(page.text().contains("Your accounts are linked"), "{}", page.text());
    while discord.roles_of(guild, mira) == before {
        changes.changed().await.unwrap();
    }

    // Any day after, beside the hall that runs.
    let mut doctor = Typist::runs("doctor", &evening.settings);
    doctor.reads("The hall runs and listens on").await;
    doctor.reads("leads here").await;
    doctor.reads("Nothing is broken").await;
    let mut owner = Typist::runs("init", &evening.settings);
    owner.chooses("8").await;
    owner.reads("A real event came and was taken.").await;
    owner.leaves().await;
}
