//! Whether people can prove their accounts: the hall asks as a browser that is not signed in would.

use http::StatusCode;
use service::checkup::Check;
use service::ports::{Proof, ProofSecrets};
use url::Url;

use super::Inspect;
use crate::connect::Connect;

const LOOKED_AT: &str = "connect secret";

/// What the forum names as whoever answers a question about somebody's account.
const ROUTE: &str = "session/sso_provider";

impl Inspect {
    /// Asks who somebody is, for an answer to `return_address`. Nobody is signed in, so nothing is learnt but
    /// whether the forum takes the question.
    pub async fn connect(&self, return_address: &Url) -> Check {
        let host = return_address.host_str().unwrap_or_default();
        let secrets =
            ProofSecrets { nonce: "guildhall-tries-the-secret".to_owned(), verifier: String::new() };
        let address = match Connect::new(&self.settings).begin(&secrets, return_address, false) {
            Ok(address) => address,
            Err(error) => {
                return Check::broken(LOOKED_AT, format!("{error}."), "Correct `address` under [[source]].");
            }
        };
        let response = match self.http.get(address).send().await {
            Ok(response) => response,
            Err(_) => return Check::not_tried(LOOKED_AT, "The forum did not answer."),
        };
        let is_forum = response.headers().get("x-discourse-route").is_some_and(|route| route == ROUTE);
        judge(response.status(), is_forum, host)
    }
}

/// What the status says; the recorded answers of a real forum stand in `connect/` of the fixtures.
fn judge(status: StatusCode, is_forum: bool, host: &str) -> Check {
    let secrets = format!(
        "In the forum: Admin, Settings, search for `discourse connect provider secrets`, and add the host {host} with \
         the secret that stands where connect_secret points."
    );
    match status {
        _ if !is_forum => Check::not_tried(
            LOOKED_AT,
            format!("Not the forum's sign-in answered, but something before it ({status})."),
        )
        .with_remedy("Let what stands before the forum pass /session/sso_provider on."),
        _ if status.is_redirection() => {
            Check::ok(LOOKED_AT, format!("The forum accepts it for {host}: people can prove their accounts."))
        }
        StatusCode::NOT_FOUND => Check::broken(
            LOOKED_AT,
            "The forum does not prove accounts to others: the provider is switched off.",
            "In the forum: Admin, Settings, search for `enable discourse connect provider`, and switch it on.",
        ),
        StatusCode::BAD_REQUEST => {
            Check::broken(LOOKED_AT, format!("The forum knows no secret for {host}."), secrets)
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            Check::broken(LOOKED_AT, format!("The forum has another secret for {host}."), secrets)
        }
        other => Check::not_tried(LOOKED_AT, format!("The forum answered {other}, which says nothing.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::checkup::Verdict;

    #[test]
    fn each_answer_of_the_provider_is_told_apart() {
        let said = |status: u16| judge(StatusCode::from_u16(status).unwrap(), true, "hall.harbor.social");
        assert_eq!(said(302).verdict, Verdict::Ok);
        assert!(said(404).says.contains("switched off"));
        assert!(said(400).says.contains("knows no secret for hall.harbor.social"));
        assert!(said(422).says.contains("another secret"));
        assert!(said(422).remedy.unwrap().contains("hall.harbor.social"));
        assert_eq!(said(200).verdict, Verdict::NotTried);
        let wall = judge(StatusCode::FOUND, false, "hall.harbor.social");
        assert_eq!(wall.verdict, Verdict::NotTried);
    }
}
