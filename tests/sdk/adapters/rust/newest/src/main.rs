//! The newest Rust SDK.

#[path = "../../common.rs"]
mod common;

use appwrite::{
    AppwriteError, Client,
    query::{Builder, Query},
    services::{organization::Organization, project::Project},
};
use common::{Args, answer, number, text, texts};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    common::serve().await;
}

/// The helpers that older versions lack.
pub fn query(name: &str, args: &[Value]) -> Option<Vec<String>> {
    let value = |index: usize| args.get(index).cloned().unwrap_or_default();
    let (first, second) = (text(args, 0), text(args, 1));
    let joined = || (text(args, 0), text(args, 1), text(args, 2), text(args, 3), text(args, 4));
    let query = match name {
        "page" => return Some(Query::page(number(args, 0), number(args, 1)).iter().map(Query::to_string).collect()),
        "builder" => return Some(built(&value(0)).build()),
        "vectorDot" => Query::vector_dot(first, value(1)),
        "vectorCosine" => Query::vector_cosine(first, value(1)),
        "vectorEuclidean" => Query::vector_euclidean(first, value(1)),
        "relationship" => Query::relationship(first, texts(&value(1))),
        "count" => Query::count(first, second),
        "countDistinct" => Query::count_distinct(first, second),
        "sum" => Query::sum(first, second),
        "avg" => Query::avg(first, second),
        "min" => Query::min(first, second),
        "max" => Query::max(first, second),
        "stddev" => Query::stddev(first, second),
        "stddevPop" => Query::stddev_pop(first, second),
        "stddevSamp" => Query::stddev_samp(first, second),
        "variance" => Query::variance(first, second),
        "varPop" => Query::var_pop(first, second),
        "varSamp" => Query::var_samp(first, second),
        "bitAnd" => Query::bit_and(first, second),
        "bitOr" => Query::bit_or(first, second),
        "bitXor" => Query::bit_xor(first, second),
        "groupBy" => Query::group_by(texts(&value(0))),
        "having" => Query::having(texts(&value(0))),
        "distinct" => Query::distinct(),
        "on" => Query::on(first, second, "="),
        "join" => {
            let (table, left, right, operator, alias) = joined();
            Query::join(table, left, right, operator, alias)
        }
        "leftJoin" => {
            let (table, left, right, operator, alias) = joined();
            Query::left_join(table, left, right, operator, alias)
        }
        "rightJoin" => {
            let (table, left, right, operator, alias) = joined();
            Query::right_join(table, left, right, operator, alias)
        }
        "fullOuterJoin" => {
            let (table, left, right, operator, alias) = joined();
            Query::full_outer_join(table, left, right, operator, alias)
        }
        "crossJoin" => Query::cross_join(first, second),
        "joinOn" => Query::join_on(first, second, texts(&value(2))),
        "leftJoinOn" => Query::left_join_on(first, second, texts(&value(2))),
        "rightJoinOn" => Query::right_join_on(first, second, texts(&value(2))),
        "fullOuterJoinOn" => Query::full_outer_join_on(first, second, texts(&value(2))),
        "covers" => Query::covers(first, value(1)),
        "notCovers" => Query::not_covers(first, value(1)),
        "spatialEquals" => Query::spatial_equals(first, value(1)),
        "notSpatialEquals" => Query::not_spatial_equals(first, value(1)),
        _ => return None,
    };
    Some(vec![query.to_string()])
}

/// Only what the test asks of a builder; it makes the same queries as the helpers.
fn built(calls: &Value) -> Builder {
    calls.as_array().into_iter().flatten().fold(Query::builder(), |builder, call| match call[0].as_str() {
        Some("startsWith") => builder.starts_with(call[1].as_str().unwrap_or_default(), call[2].clone()),
        Some("orderDesc") => builder.order_desc(call[1].as_str().unwrap_or_default()),
        Some("limit") => builder.limit(call[1].as_u64().and_then(|limit| limit.try_into().ok()).unwrap_or_default()),
        other => panic!("the test asks the builder for {other:?}"),
    })
}

pub async fn call(client: &Client, method: &str, args: &Args<'_>) -> Result<Value, AppwriteError> {
    let (project, organization) = (Project::new(client), Organization::new(client));
    let (expire, description) = (args.maybe("expire"), args.maybe("description"));
    let (expire, description) = (expire.as_deref(), description.as_deref());
    let (project_id, key_id, name) = (args.text("projectId"), args.text("keyId"), args.text("name"));
    match method {
        "project.listKeys" => answer(project.list_keys(args.queries(), args.total()).await),
        "project.createEphemeralKey" => answer(project.create_ephemeral_key(args.scopes(), args.number("duration")).await),
        "project.getKey" => answer(project.get_key(key_id).await),
        "project.updateKey" => answer(project.update_key(key_id, name, args.scopes(), expire, description).await),
        "project.deleteKey" => answer(project.delete_key(key_id).await),
        "organization.listProjectKeys" => answer(organization.list_project_keys(project_id, args.queries(), args.total()).await),
        "organization.createEphemeralProjectKey" => {
            answer(organization.create_ephemeral_project_key(project_id, args.scopes(), args.number("duration")).await)
        }
        "organization.getProjectKey" => answer(organization.get_project_key(project_id, key_id).await),
        "organization.updateProjectKey" => {
            answer(organization.update_project_key(project_id, key_id, name, args.scopes(), expire, description).await)
        }
        "organization.deleteProjectKey" => answer(organization.delete_project_key(project_id, key_id).await),
        _ => panic!("there is no method {method} in this SDK"),
    }
}
