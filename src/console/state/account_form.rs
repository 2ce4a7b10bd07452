//! The forms of the own account: errors that are found without the server.

use crate::{
    api::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS},
    key::KeyName,
};

/// What is wrong with a person's name, which can be empty.
pub fn name_problem(name: &str) -> Option<String> {
    let problem = if name.is_empty() { None } else { name.parse::<KeyName>().err() };
    problem.map(|problem| format!("A name {problem}."))
}

/// What a new password needs.
pub fn password_rule() -> String {
    format!(
        "{MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters. A long passphrase is better than a short, complex password."
    )
}

/// What is wrong with the length of a new password.
pub fn password_problem(password: &str) -> Option<String> {
    let length = password.chars().count();
    if length < MIN_PASSWORD_CHARACTERS {
        Some(format!("The new password must have at least {MIN_PASSWORD_CHARACTERS} characters."))
    } else if length > MAX_PASSWORD_CHARACTERS {
        Some(format!("The new password must have at most {MAX_PASSWORD_CHARACTERS} characters."))
    } else {
        None
    }
}

/// A change of the password, as a person is writing it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordDraft {
    /// The current password.
    pub old: String,
    /// The new one.
    pub new: String,
    /// The new one, repeated.
    pub again: String,
}

/// What is wrong with a [`PasswordDraft`], field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordProblems {
    /// Of the current password.
    pub old: Option<String>,
    /// Of the new one.
    pub new: Option<String>,
    /// Of its repetition.
    pub again: Option<String>,
}

impl PasswordProblems {
    /// The server's message about the current password.
    pub fn of_old(message: &str) -> Self {
        Self { old: Some(message.to_owned()), ..Self::default() }
    }

    /// Whether there is any.
    pub fn is_any(&self) -> bool {
        self.old.is_some() || self.new.is_some() || self.again.is_some()
    }
}

impl PasswordDraft {
    /// The problems that are found without the server.
    pub fn problems(&self) -> PasswordProblems {
        PasswordProblems {
            old: self.old.is_empty().then(|| "Enter your current password.".to_owned()),
            again: (self.again != self.new).then(|| "The passwords do not match.".to_owned()),
            new: password_problem(&self.new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(old: &str, new: &str, again: &str) -> PasswordDraft {
        PasswordDraft { old: old.into(), new: new.into(), again: again.into() }
    }

    #[test]
    fn a_good_change_has_no_problem() {
        assert_eq!(draft("old", "12345678", "12345678").problems(), PasswordProblems::default());
        // Characters are counted, not bytes; and nothing is cut off: a blank may be part of it.
        assert!(!draft("old", &"🔑".repeat(256), &"🔑".repeat(256)).problems().is_any());
        assert!(draft("old", "12345678", "12345678 ").problems().again.is_some());
    }

    #[test]
    fn every_field_shows_its_own_problem() {
        let problems = draft("", "1234567", "x").problems();
        assert!(problems.old.is_some() && problems.again.is_some());
        assert_eq!(problems.new.as_deref(), Some("The new password must have at least 8 characters."));
        let long = "x".repeat(257);
        let problems = draft("old", &long, &long).problems();
        assert_eq!(problems.new.as_deref(), Some("The new password must have at most 256 characters."));
        assert!(problems.is_any() && problems.old.is_none() && problems.again.is_none());
        assert_eq!(PasswordProblems::of_old("No.").old.as_deref(), Some("No."));
    }

    #[test]
    fn a_name_may_be_empty_but_not_endless() {
        assert_eq!((name_problem(""), name_problem(&"é".repeat(128))), (None, None));
        assert_eq!(name_problem(&"é".repeat(129)).as_deref(), Some("A name must have at most 128 characters."));
    }
}
