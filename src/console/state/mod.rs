//! What the console remembers and derives: plain structs, without a word about how they are shown.

mod clients;
mod expiry;
mod key_form;
mod key_list;
mod rotation;
mod snippets;
mod times;

pub use clients::client_label;
pub use expiry::{ExpiryChoice, ExpiryDraft, ExpiryProblem};
pub use key_form::{KeyDraft, Problems, blocks};
pub use key_list::{Filter, ListView, Sort, is_sensitive, sensitive_count, status};
pub use rotation::Overlap;
pub use snippets::{Connection, Snippet};
pub use times::{ago_to_the_day, relative};
