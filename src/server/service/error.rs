//! Why the service refuses, in one type.

use crate::{
    key::ExpiryRefusal,
    scope::{Code, Report},
    server::{auth::PasswordError, random::RandomError, store::StoreError},
};

/// Why something was not made. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A parameter is not valid.
    #[error("The parameter `{parameter}` is not valid: it {problem}.")]
    Invalid {
        /// Its name on the wire.
        parameter: &'static str,
        /// What is wrong, to be read after "it".
        problem: String,
    },
    /// Scopes or expiry have errors; the report has all of them.
    #[error("{}", refusal(.0))]
    Refused(Box<Report>),
    /// The policy of the project refuses the expiry.
    #[error("The parameter `{parameter}` is not valid: it {refusal}.")]
    Expiry {
        /// Its name on the wire.
        parameter: &'static str,
        /// What is wrong.
        refusal: ExpiryRefusal,
    },
    /// The policy lets no API key create keys.
    #[error("The policy of this project lets no API key create keys. Sign in to the console, or create an ephemeral key.")]
    KeyCreationDenied,
    /// The caller key may not enable, rotate or narrow a key that can do more than itself.
    #[error("The policy of this project lets an API key hand out only what it holds: {problem}.")]
    TakeoverDenied {
        /// What it lacks, and what to do.
        problem: String,
        /// What the scope model says.
        report: Option<Box<Report>>,
    },
    /// The widget token does not allow it.
    #[error("This widget token does not let its page {verb} keys. Create one with `{right}`.")]
    WidgetDenied {
        /// What the page wanted to do.
        verb: &'static str,
        /// What the token lacks.
        right: &'static str,
    },
    /// Too many ephemeral keys were revoked one by one.
    #[error("Too many ephemeral keys of this project were ended within an hour. End all of them at once.")]
    TooManyEnded,
    /// The client has seen another version than the newest.
    #[error("It has changed since you read it. Read it again, and decide anew.")]
    Changed,
    /// A token could not be written.
    #[error("the token could not be signed")]
    Unsigned,
    /// There is no such project.
    #[error("There is no project with this id.")]
    ProjectMissing,
    /// The id of the key is taken.
    #[error("The project has a key with this id already. Choose another id, or unique().")]
    KeyExists,
    /// The id of the project is taken.
    #[error("A project with this id exists already. Choose another id, or unique().")]
    ProjectExists,
    /// The email is taken, or the first account exists already.
    #[error("An account with this email exists already.")]
    AccountExists,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Hashing failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

fn refusal(report: &Report) -> String {
    let first = report.errors.first().map(|error| format!("{}; {}", error.message, error.help)).unwrap_or_default();
    let parameter = if report.errors.first().is_some_and(|error| error.code == Code::ExpiryMalformed) { "expire" } else { "scopes" };
    match report.errors.len() {
        0 | 1 => format!("The parameter `{parameter}` is not valid: {first}."),
        count => format!("The parameter `{parameter}` is not valid: {first}. The report has all {count} errors."),
    }
}

pub(super) fn invalid(parameter: &'static str, problem: impl ToString) -> ServiceError {
    ServiceError::Invalid { parameter, problem: problem.to_string() }
}
