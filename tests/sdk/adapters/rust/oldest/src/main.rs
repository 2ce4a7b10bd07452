//! The oldest Rust SDK that has the Keys API.

#[path = "../../common.rs"]
mod common;

use appwrite::{AppwriteError, Client, services::project::Project};
use common::{Args, answer};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    common::serve().await;
}

/// It has no helpers beyond the common ones.
pub fn query(_name: &str, _args: &[Value]) -> Option<Vec<String>> {
    None
}

pub async fn call(client: &Client, method: &str, args: &Args<'_>) -> Result<Value, AppwriteError> {
    let project = Project::new(client);
    let expire = args.maybe("expire");
    match method {
        "project.listKeys" => answer(project.list_keys(args.queries(), args.total()).await),
        "project.createKey" => answer(project.create_key(args.text("keyId"), args.text("name"), args.scopes(), expire.as_deref()).await),
        "project.getKey" => answer(project.get_key(args.text("keyId")).await),
        "project.updateKey" => answer(project.update_key(args.text("keyId"), args.text("name"), args.scopes(), expire.as_deref()).await),
        "project.deleteKey" => answer(project.delete_key(args.text("keyId")).await),
        _ => panic!("there is no method {method} in this SDK"),
    }
}
