//! The logic of the console as plain structs, independent of how it is shown.

mod account_form;
mod audit;
mod bulk;
mod checker;
mod clients;
mod conflict;
mod edition;
mod ephemeral;
mod expiry;
mod expiry_rule;
mod key_form;
mod key_list;
mod key_use;
mod navigation;
mod own_presets;
mod people;
mod policy_form;
mod prefill;
mod reach_map;
mod recipes;
mod rotation;
mod second_factor;
mod service_use;
mod snippets;
mod text;
mod times;

pub use account_form::{PasswordDraft, PasswordProblems, name_problem, password_problem, password_rule};
pub use audit::{AuditFilter, action_label, actor, created_by, deleted_name, detail as audit_detail, is_about_a_key};
pub use bulk::{BulkAction, csv, word_before};
pub use checker::{Checked, is_migrated, read_as, step_text};
pub use clients::client_label;
pub use conflict::{changes, changes_between, changes_of, combined, combined_text, dev_key_changes};
pub use edition::{edition_choices, edition_meaning};
pub use ephemeral::{Duration, countdown};
pub use expiry::{ExpiryChoice, ExpiryDraft, ExpiryProblem};
pub use expiry_rule::ExpiryRule;
pub use key_form::{KeyDraft, Problems, blocks, description_hint};
pub use key_list::{
    BLOCK_ROWS, Density, ListView, PAGE_ROWS, Rows, approach, around, exact_times, filter_label, number, rows_of_page, status, visible,
};
pub use key_use::{heights, thousands, unneeded};
pub use navigation::{Destination, Find, SHORTCUTS, Shortcut, matching, pages, project_pages, shortcut};
pub use own_presets::{read_presets, with_preset, write_presets};
pub use people::{PersonAction, email_problem, invitation_link, person_actions, person_name, person_state};
pub use policy_form::{Lifetime, PolicyDraft};
pub use prefill::{LinkExpiry, Prefill};
pub use reach_map::{Climb, ReachMap, ServiceReach};
pub use recipes::Recipe;
pub use rotation::Overlap;
pub use second_factor::{code_problem, factor_state, grouped, recovery_file};
pub use service_use::{ServiceUse, fitting, service_uses};
pub use snippets::{Connection, Snippet, env_file};
pub use text::{looks_like_secret, shown};
pub use times::{ago_to_the_day, relative, remaining};
