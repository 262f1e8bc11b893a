//! Linking in a real browser: redirects, cookies, pictures and all.

use crate::chromium::Chromium;
use crate::told;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_links_in_a_real_browser_and_has_their_role_and_name() {
    told(|world, hall, driver| async move {
        let mira = world.discord("mira_d").unwrap();
        let address = mira.runs("/link").await.unwrap().address().unwrap();
        assert!(address.starts_with(&hall.address("/l/")), "{address}");
        let chromium = Chromium::fresh(&driver).await;
        chromium.proves_both(&address, "mira_d", "mira").await;
        assert_eq!(chromium.title().await, "Link your accounts · Harbor");
        let text = chromium.text().await;
        for words in ["mira_d on Discord", "Mira Vale", "@mira on 127.0.0.1", "Regular", "Keeper Mira Vale"] {
            assert!(text.contains(words), "the page does not say `{words}`:\n{text}");
        }
        let pictures = "return [...document.images].map((image) => image.complete && image.naturalWidth > 0)";
        assert_eq!(chromium.runs(pictures).await, serde_json::json!([true, true]));
        let visit = chromium.visit().await;
        for path in ["/link/picture/discord", "/link/picture/forum"] {
            let picture = visit.to_path(path).unwrap();
            assert_eq!((picture.status, picture.kind.as_str()), (200, "image/png"), "{path}");
        }
        assert_eq!(mira.roles(), Vec::<String>::new());
        chromium.clicks("Link my accounts").await;
        assert_eq!(chromium.title().await, "Your accounts are linked · Harbor");
        assert_eq!(chromium.address().await.path(), "/link/done");
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        assert_eq!(mira.nickname().as_deref(), Some("Keeper Mira Vale"));
        world.transcript();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_forwarded_to_another_profile_links_nothing() {
    told(|world, hall, driver| async move {
        let mira = world.discord("mira_d").unwrap();
        let address = mira.runs("/link").await.unwrap().address().unwrap();
        let (first, second) = (Chromium::fresh(&driver).await, Chromium::fresh(&driver).await);
        // Its owner is half way through when somebody else opens it.
        first.proves_discord(&address, "mira_d").await;
        let other = "tove_with_32_letters_in_her_name";
        second.proves_discord(&address, other).await;
        let text = second.text().await;
        assert!(text.contains("Nothing was"), "{text}");
        assert!(!text.contains("Link my accounts"), "{text}");
        hall.settle().await;
        assert_eq!(world.discord(other).unwrap().roles(), Vec::<String>::new());
        assert_eq!(mira.roles(), Vec::<String>::new());
        world.transcript();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_that_is_loaded_again_says_what_to_do() {
    told(|world, hall, driver| async move {
        let mira = world.discord("mira_d").unwrap();
        let address = mira.runs("/link").await.unwrap().address().unwrap();
        let chromium = Chromium::fresh(&driver).await;
        chromium.proves_both(&address, "mira_d", "mira").await;
        assert_eq!(chromium.title().await, "Link your accounts · Harbor");
        let visit = chromium.visit().await;
        for path in ["/link/discord", "/link/forum/forum"] {
            let callback = visit.to_path(path).unwrap().address.clone();
            chromium.opens(&callback).await;
            let page = chromium.address().await;
            assert_eq!(chromium.visit().await.status_and_bytes(&page).0, 401, "{path}");
            assert_eq!(chromium.title().await, "This address is not open · Harbor");
            let text = chromium.text().await;
            assert!(text.contains("type /link in Discord to get a fresh address"), "{text}");
        }
        hall.settle().await;
        assert_eq!(mira.roles(), Vec::<String>::new());
        world.transcript();
    })
    .await;
}
