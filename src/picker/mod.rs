//! The scope picker: people choose scopes and see the results of the check while they choose.
//!
//! It gets all its data as arguments and sends no requests, so that it can be embedded. [`scope::check`](crate::scope::check) decides what it
//! reports; [`state`] holds its logic, plain and tested.

mod catalog;
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

pub use catalog::PickerCatalog;
pub use changes::ChangesPanel;
pub use component::ScopePicker;
pub use inputs::{PickerInputs, Preset};
pub use prose::Prose;
pub use report::ReportPanel;
