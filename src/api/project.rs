//! Models of projects (contract §1.6).

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::WireDate;

/// A project (contract §1.6 model `project`, the part that has a meaning here).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Its id.
    #[serde(rename = "$id")]
    pub id: String,
    /// When it was made.
    #[serde(rename = "$createdAt")]
    pub created_at: WireDate,
    /// When it was last changed.
    #[serde(rename = "$updatedAt")]
    pub updated_at: WireDate,
    /// Its name.
    pub name: String,
    /// The organization that it belongs to.
    pub team_id: String,
    /// Always `default`.
    pub region: String,
    /// How often it was pinged: 0 or 1, later pings are not counted (contract §1.4).
    pub ping_count: u32,
    /// When it was first pinged.
    pub pinged_at: WireDate,
    /// Always `active`.
    pub status: String,
}

/// A page of projects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectList {
    /// How many there are in all.
    pub total: usize,
    /// This page.
    pub projects: Vec<Project>,
}

/// The body of `organization.createProject`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateProject {
    /// The id, or `unique()`.
    pub project_id: String,
    /// 1 to 128 characters.
    pub name: String,
}
