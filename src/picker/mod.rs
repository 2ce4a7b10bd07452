//! The scope picker: people choose scopes and see the results of the check while they choose.
//!
//! It gets all its data as arguments and sends no requests, so that it can be embedded. [`scope::check`](crate::scope::check) decides what it
//! reports; [`state`] holds its logic, plain and tested.

mod ask;
mod calls;
mod catalog;
mod changes;
mod component;
pub mod icons;
mod inputs;
mod later;
mod matrix;
mod opens;
pub mod paint;
mod paste;
#[allow(clippy::module_inception, reason = "the picker that the room is about")]
mod picker;
mod presets;
mod prose;
mod report;
mod roving;
mod search_index;
mod service;
mod share;
pub mod state;
mod text;
mod toolbar;
mod tristate;

pub use catalog::PickerCatalog;
pub use component::{PickerFrame, PickerList, PickerResults, ScopePicker};
pub use inputs::{PickerInputs, Preset};
pub use later::{LATER, Later, LaterState};
pub use picker::Picker;
pub use prose::Prose;
pub use report::ScopeReport;
