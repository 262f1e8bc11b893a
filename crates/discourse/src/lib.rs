//! Talks to Discourse: DiscourseConnect, reading people, webhooks in, the staff log.
