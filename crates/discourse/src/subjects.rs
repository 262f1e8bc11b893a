//! Subjects that live as long as the program, one for each person of a forum that was ever read in bulk.
//!
//! [`service::ports::Source::everybody`] hands over a question about subjects of a lifetime that its caller
//! chooses, so that no subject made during the reading can be asked about. This file can go once the port says
//! `for<'s> Fn(&'s Subject) -> bool`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::ids::Subject;

/// The most subjects that are kept: a larger forum is not read in bulk.
pub(crate) const SUBJECTS_MAX: usize = 2_000_000;

/// The subjects made so far, by the forum's number.
#[derive(Default)]
pub(crate) struct Subjects(Mutex<BTreeMap<i64, &'static Subject>>);

impl Subjects {
    /// The subject of a person; `None` when there are too many.
    pub(crate) fn of(&self, id: i64) -> Option<&'static Subject> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(subject) = known.get(&id) {
            return Some(subject);
        }
        (known.len() < SUBJECTS_MAX).then(|| {
            let subject: &'static Subject = Box::leak(Box::new(Subject(id.to_string())));
            known.insert(id, subject);
            subject
        })
    }
}
