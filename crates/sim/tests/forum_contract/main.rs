//! Every good answer of the simulated forum against Discourse's own OpenAPI document.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::indexing_slicing, reason = "what an answer lacks fails the test")]
#![expect(clippy::print_stdout, reason = "what is left out is said")]

mod contract;
mod deviations;
mod recorded;
mod tour;

use std::collections::BTreeSet;

use contract::{Contract, shared};
use deviations::Ledger;

#[tokio::test]
async fn every_good_answer_is_as_discourses_own_document_has_it() {
    let Some(shared) = shared() else { return };
    let contract = Contract::read(&shared);
    let operations = contract.operations();
    let mut ledger = Ledger::default();
    for answer in recorded::answers(&shared, &operations) {
        let (method, path) = &answer.operation;
        for fault in contract.faults(method, path, answer.status, &answer.body) {
            ledger.recorded(&answer.operation, fault);
        }
    }
    let answers = tour::answers().await;
    for answer in &answers {
        let (method, path) = &answer.operation;
        for fault in contract.faults(method, path, answer.status, &answer.body) {
            ledger.found(&answer.operation, &fault);
        }
    }
    let played = tour::played(operations);
    let tried: BTreeSet<_> = answers.into_iter().map(|answer| answer.operation).collect();
    assert_eq!(tried, played, "every operation that the forum plays is tried, and no other");
    ledger.settle();
}
