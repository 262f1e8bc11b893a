//! What `guildhall serve` refuses: the internet at a door without HTTPS.

use crate::town::Town;

#[tokio::test]
async fn a_door_that_the_internet_reaches_is_not_opened_and_the_lines_that_help_are_shown() {
    let town = Town::new().await.listening("198.18.0.7:8080").at("https://hall.harbor.social");
    let output = town.runs(&["serve"], &[]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("listen = \"127.0.0.1:8080\""), "{said}");
    assert!(said.contains("    hall.harbor.social {\n        reverse_proxy 127.0.0.1:8080\n    }"), "{said}");
    assert!(said.contains("proxy_pass http://127.0.0.1:8080;"), "{said}");
    let found = town.doctor(&[]).await;
    assert!(found.broken("HTTPS").0.contains("plain HTTP"), "{:#}", found.found);
}
