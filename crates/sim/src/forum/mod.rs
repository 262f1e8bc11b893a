//! A Discourse forum: DiscourseConnect, reads, webhooks, the staff log.
