//! What pages are made of. A component only shows: it holds no data of the server and fetches nothing.

mod audit_table;
mod choices;
mod confirm;
mod context_field;
mod copy;
mod crumbs;
mod expiry_field;
mod failure;
mod field;
mod header;
mod icons;
mod key_table;
mod project_nav;
mod rotate_dialog;
mod secret_panel;
mod section;
mod snippets;
mod time;

pub(super) use audit_table::AuditTable;
pub(super) use choices::{Choices, Offer};
pub(super) use confirm::ConfirmDialog;
pub(super) use context_field::ContextField;
pub(super) use copy::{CopyButton, CopyLine};
pub(super) use crumbs::{Crumb, Crumbs};
pub(super) use expiry_field::ExpiryField;
pub(super) use failure::{Failure, Loading, Notice};
pub(super) use field::{TextField, focus_first_problem};
pub(super) use header::Header;
pub(super) use key_table::{ExposedTag, KeyTable, StatusTag};
pub(super) use project_nav::ProjectNav;
pub(super) use rotate_dialog::RotateDialog;
pub(super) use secret_panel::SecretPanel;
pub(super) use section::Section;
pub(super) use snippets::Snippets;
pub(super) use time::{ExpiryTime, Time};
