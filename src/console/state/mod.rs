//! The logic of the console as plain structs, independent of how it is shown.

mod account_form;
mod audit;
mod clients;
mod edition;
mod expiry;
mod expiry_rule;
mod key_form;
mod key_list;
mod policy_form;
mod rotation;
mod snippets;
mod times;

pub use account_form::{PasswordDraft, PasswordProblems, name_problem, password_rule};
pub use audit::{action_label, actor, is_about_a_key};
pub use clients::client_label;
pub use edition::{edition_choices, edition_meaning};
pub use expiry::{ExpiryChoice, ExpiryDraft, ExpiryProblem};
pub use expiry_rule::ExpiryRule;
pub use key_form::{KeyDraft, Problems, blocks, description_hint};
pub use key_list::{Filter, ListView, Sort, is_sensitive, sensitive_count, status};
pub use policy_form::{Lifetime, PolicyDraft};
pub use rotation::Overlap;
pub use snippets::{Connection, Snippet};
pub use times::{ago_to_the_day, relative};
