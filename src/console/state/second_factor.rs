//! The texts of the second factor.

use crate::{api::SecondFactor, scope::DateTime};

/// A secret in groups of four, as people read and type it.
pub fn grouped(secret: &str) -> String {
    let mut text = String::with_capacity(secret.len() * 5 / 4);
    for (index, letter) in secret.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push(' ');
        }
        text.push(letter);
    }
    text
}

/// The file with the recovery codes of an account.
pub fn recovery_file(email: &str, host: &str, codes: &[String]) -> String {
    let codes = codes.join("\n");
    format!("Scopewise recovery codes\nServer: {host}\nAccount: {email}\nEach code works once, instead of a code of your app.\n\n{codes}\n")
}

/// What the page says of the second factor. `time` writes points in time.
pub fn factor_state(factor: &SecondFactor, time: impl Fn(DateTime) -> String) -> String {
    let Some(since) = factor.since.0.filter(|_| factor.enabled) else {
        return "Off. Whoever knows your password can sign in to your account.".to_owned();
    };
    let left = match factor.recovery_codes {
        0 => "You have no recovery codes left: create new ones.".to_owned(),
        1 => "You have one recovery code left: create new ones.".to_owned(),
        left => format!("You have {left} recovery codes left."),
    };
    format!("On since {}. {left}", time(since))
}

/// The error of an empty code.
pub fn code_problem(code: &str) -> Option<String> {
    code.trim().is_empty().then(|| "Enter the code that your app shows.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::WireDate;

    #[test]
    fn a_secret_is_read_in_groups_of_four() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!((grouped(""), grouped("ABCD")), (String::new(), "ABCD".to_owned()));
    }

    #[test]
    fn the_file_has_one_code_a_line_and_names_server_and_account() {
        let file = recovery_file("ada@example.com", "keys.example.com", &["a-b".to_owned(), "c-d".to_owned()]);
        assert!(file.contains("Server: keys.example.com\nAccount: ada@example.com\n") && file.ends_with("\n\na-b\nc-d\n"), "{file}");
    }

    #[test]
    fn the_state_says_since_when_and_how_many_codes_are_left() {
        let on = |codes| SecondFactor { enabled: true, since: WireDate(Some(DateTime::from_unix_milliseconds(0))), recovery_codes: codes };
        let text = |factor: &SecondFactor| factor_state(factor, |at| at.to_string());
        assert_eq!(text(&on(7)), "On since 1970-01-01T00:00:00.000+00:00. You have 7 recovery codes left.");
        assert!(text(&on(1)).ends_with("You have one recovery code left: create new ones."));
        assert!(text(&on(0)).ends_with("You have no recovery codes left: create new ones."));
        assert!(text(&SecondFactor { enabled: false, since: WireDate(None), recovery_codes: 0 }).starts_with("Off."));
    }

    #[test]
    fn an_empty_code_is_not_sent() {
        assert!(code_problem(" ").is_some() && code_problem("123456").is_none());
    }
}
