//! The scope picker: a person chooses scopes and sees, while choosing, what the check says of them.
//!
//! It is given everything and fetches nothing, which is what makes it embeddable. What it shows is decided by
//! [`scope::check`](crate::scope::check); what it remembers stands in [`state`], plain and tested.

mod changes;
mod component;
pub mod icons;
mod inputs;
mod matrix;
mod paste;
mod prose;
mod report;
mod service;
pub mod state;
mod toolbar;
mod tristate;

pub use changes::ChangesPanel;
pub use component::ScopePicker;
pub use inputs::PickerInputs;
pub use prose::Prose;
pub use report::ReportPanel;
