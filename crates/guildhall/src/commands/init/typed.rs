//! A command as the owner types it: as the user for whom the hall is set up.

/// `guildhall …`, with `sudo -u NAME` before it where this program was started like that: what another user made
/// could not be written by the hall.
pub(super) fn typed(words: &str) -> String {
    let known = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    before(known("SUDO_USER").as_deref(), known("USER").as_deref(), words)
}

fn before(sudo_user: Option<&str>, user: Option<&str>, words: &str) -> String {
    match (sudo_user, user) {
        (Some(_), Some(user)) if user != "root" => format!("sudo -u {user} guildhall {words}"),
        _ => format!("guildhall {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::before;

    #[test]
    fn whoever_came_by_sudo_is_told_to_come_by_it_again() {
        assert_eq!(before(Some("root"), Some("guildhall"), "plan"), "sudo -u guildhall guildhall plan");
        assert_eq!(before(None, Some("mira"), "plan"), "guildhall plan");
        assert_eq!(before(Some("mira"), Some("root"), "plan"), "guildhall plan");
        assert_eq!(before(Some("mira"), None, "plan"), "guildhall plan");
    }
}
