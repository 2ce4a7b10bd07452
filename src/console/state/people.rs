//! The people of a server: what the list says of them, and what can be done.

use crate::{
    api::{AccountState, ListedAccount},
    scope::DateTime,
};

/// The state of an account: its tone and its label.
pub fn person_state(account: &ListedAccount, now: DateTime) -> (&'static str, &'static str) {
    match account.state {
        AccountState::Active => ("fine", "Active"),
        AccountState::Disabled => ("quiet", "Disabled"),
        AccountState::Invited if account.invitation_expire.0.is_some_and(|until| until <= now) => ("error", "Invitation expired"),
        AccountState::Invited => ("warning", "Invited"),
    }
}

/// What to call a person: the name, or else the email.
pub fn person_name(account: &ListedAccount) -> &str {
    if account.name.is_empty() { &account.email } else { &account.name }
}

/// Something that a person does to the account of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonAction {
    /// Creates a new invitation link.
    NewLink,
    /// Ends all sessions.
    SignOut,
    /// Ends all sessions and prevents new ones.
    Disable,
    /// Reverts that.
    Enable,
    /// Deletes the account.
    Delete,
}

impl PersonAction {
    /// The label of its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::NewLink => "New invitation link",
            Self::SignOut => "End all sessions",
            Self::Disable => "Disable account",
            Self::Enable => "Enable account",
            Self::Delete => "Delete account",
        }
    }

    /// The title of the dialog that asks first.
    pub fn title(self, name: &str) -> String {
        match self {
            Self::NewLink => format!("Create a new invitation link for {name}?"),
            Self::SignOut => format!("End all sessions of {name}?"),
            Self::Disable => format!("Disable the account of {name}?"),
            Self::Enable => format!("Enable the account of {name}?"),
            Self::Delete => format!("Delete the account of {name}?"),
        }
    }

    /// What is asked first, as the text of a dialog; `None` for what a click can revert.
    pub fn question(self) -> Option<&'static str> {
        match self {
            Self::NewLink => Some("The earlier invitation link stops working."),
            Self::SignOut => Some("The person must sign in again. Unsaved changes in open browsers are lost."),
            Self::Disable => Some("The person is signed out at once and cannot sign in until you enable the account."),
            Self::Delete => Some("The person is signed out at once. Projects, keys and the audit log stay. You cannot undo this."),
            Self::Enable => None,
        }
    }

    /// What is said once it is done.
    pub fn done(self, name: &str) -> String {
        match self {
            Self::NewLink => format!("{name} has a new invitation link."),
            Self::SignOut => format!("All sessions of {name} have ended."),
            Self::Disable => format!("{name} is disabled."),
            Self::Enable => format!("{name} is enabled."),
            Self::Delete => format!("{name} is deleted."),
        }
    }
}

/// What can be done to an account; nothing to the own one, which has its own page.
pub fn person_actions(account: &ListedAccount) -> &'static [PersonAction] {
    use PersonAction::{Delete, Disable, Enable, NewLink, SignOut};
    match account.state {
        _ if account.current => &[],
        AccountState::Active if account.sessions == 0 => &[Disable, Delete],
        AccountState::Active => &[SignOut, Disable, Delete],
        AccountState::Invited => &[NewLink, Delete],
        AccountState::Disabled => &[Enable, Delete],
    }
}

/// What is wrong with an email address, as far as that is known without the server.
pub fn email_problem(email: &str) -> Option<String> {
    let is_good = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    (!is_good).then(|| "Enter an email address, such as ada@example.com.".to_owned())
}

/// The invitation link of a server at `origin`. The token stands behind `#`, so that no browser sends it and no log keeps it.
pub fn invitation_link(origin: &str, path: &str, token: &str) -> String {
    format!("{origin}{path}#{token}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::WireDate;

    fn account(state: AccountState) -> ListedAccount {
        ListedAccount {
            id: "eve".into(),
            created_at: WireDate(None),
            email: "eve@example.com".into(),
            name: String::new(),
            state,
            second_factor: false,
            invitation_expire: WireDate((state == AccountState::Invited).then(|| "2030-01-01T00:00:00Z".parse().unwrap())),
            accessed_at: WireDate(None),
            sessions: 1,
            current: false,
        }
    }

    #[test]
    fn a_question_names_the_person() {
        let title = |action: PersonAction| action.title("Eve");
        assert_eq!(title(PersonAction::Disable), "Disable the account of Eve?");
        assert_eq!(title(PersonAction::SignOut), "End all sessions of Eve?");
        assert_eq!(title(PersonAction::NewLink), "Create a new invitation link for Eve?");
    }

    #[test]
    fn an_invitation_expires() {
        let invited = account(AccountState::Invited);
        let label = |now: &str| person_state(&invited, now.parse().unwrap()).1;
        assert_eq!((label("2029-12-31T23:59:59Z"), label("2030-01-01T00:00:00Z")), ("Invited", "Invitation expired"));
    }

    #[test]
    fn a_person_does_nothing_to_the_own_account_here() {
        for state in [AccountState::Active, AccountState::Invited, AccountState::Disabled] {
            assert!(!person_actions(&account(state)).is_empty());
            assert!(person_actions(&ListedAccount { current: true, ..account(state) }).is_empty());
        }
        let idle = ListedAccount { sessions: 0, ..account(AccountState::Active) };
        assert!(!person_actions(&idle).contains(&PersonAction::SignOut));
    }

    #[test]
    fn a_person_has_a_name_or_an_email() {
        assert_eq!(person_name(&account(AccountState::Active)), "eve@example.com");
        assert_eq!(person_name(&ListedAccount { name: "Eve".into(), ..account(AccountState::Active) }), "Eve");
    }

    #[test]
    fn an_email_has_two_parts() {
        assert_eq!(email_problem("ada@example.com"), None);
        assert!(["", "ada", "@example.com", "ada@"].iter().all(|email| email_problem(email).is_some()));
    }
}
