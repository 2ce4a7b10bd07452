//! The logic of the picker, independent of how it is shown.

mod difference;
mod held;
mod offer;
mod resources;
mod selection;
mod view;
mod words;

pub use crate::scope::counted;
pub use difference::Difference;
pub use held::{held, includes, label, sensitive_reason};
pub use offer::Offer;
pub use resources::{Resource, in_pairs, resources};
pub use selection::{Tally, TriState, from_text, set, set_all, unknown};
pub use view::{Layout, View};
pub use words::{Piece, pieces, sentence, verdict};
