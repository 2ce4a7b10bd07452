//! The only module of the console that sends requests, with its parts. It also turns errors into sentences.

pub(super) mod audit;
pub(super) mod people;
pub(super) mod second_factor;

use gloo_net::http::{Method, Request, RequestBuilder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    api::{self, ErrorBody, ErrorType, headers, paths},
    key::Policy,
    scope::Catalog,
};

/// Why there is no data to show.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ClientError {
    /// The server cannot be reached.
    Offline,
    /// The person is not signed in, or no longer is.
    SignedOut,
    /// The server refused the request and gave a reason.
    Refused(Box<ErrorBody>),
    /// The console cannot read the response.
    Unreadable {
        /// The HTTP status.
        status: u16,
    },
    /// The console cannot read the server's catalog, for this reason.
    Catalog(String),
    /// A part of the console cannot be fetched.
    Part,
}

impl ClientError {
    /// The message for a person.
    pub fn text(&self) -> String {
        match self {
            Self::Offline => "Cannot reach the server. Check your connection, then try again.".to_owned(),
            Self::SignedOut => "Your session has expired. Sign in again to continue.".to_owned(),
            Self::Refused(body) => body.message.clone(),
            Self::Unreadable { status } => {
                format!("The server sent a response that this page cannot read (status {status}). Reload the page and try again.")
            }
            Self::Part => "Cannot load this page. Check your connection, then try again.".to_owned(),
            Self::Catalog(fault) => {
                format!("This page cannot read the server's catalog ({fault}). Reload the page to get the console of this server.")
            }
        }
    }

    /// Whether the server refused for this reason.
    pub fn is(&self, kind: ErrorType) -> bool {
        matches!(self, Self::Refused(body) if body.kind == kind.as_str())
    }
}

type Answer<T> = Result<T, ClientError>;

/// The account that is signed in.
pub(super) async fn account() -> Answer<api::Account> {
    read(send(Method::GET, paths::ACCOUNT, None, NO_BODY).await)
}

/// Signs in; the browser stores the cookie. If the account has a second factor, returns what goes with its code.
pub(super) async fn sign_in(body: &api::CreateEmailSession) -> Answer<Option<api::SignInChallenge>> {
    let answer = send(Method::POST, paths::SESSIONS_EMAIL, None, Some(body)).await?;
    if answer.status == ACCEPTED { read(Ok(answer)).map(Some) } else { Ok(None) }
}

/// Signs in with the code of a second factor.
pub(super) async fn sign_in_with_code(body: &api::CreateSecondFactorSession) -> Answer<()> {
    send(Method::POST, paths::SESSIONS_SECOND_FACTOR, None, Some(body)).await.map(drop)
}

/// Changes the name of the account.
pub(super) async fn update_name(body: &api::UpdateAccountName) -> Answer<api::Account> {
    read(send(Method::PATCH, paths::ACCOUNT_NAME, None, Some(body)).await)
}

/// Changes the password of the account; its other sessions end.
pub(super) async fn update_password(body: &api::UpdatePassword) -> Answer<api::Account> {
    read(send(Method::PATCH, paths::ACCOUNT_PASSWORD, None, Some(body)).await)
}

/// Ends one session; `current` is this one.
pub(super) async fn end_session(id: &str) -> Answer<()> {
    send(Method::DELETE, &paths::fill(paths::SESSION, id), None, NO_BODY).await.map(drop)
}

/// The sessions of the account.
pub(super) async fn sessions() -> Answer<api::SessionList> {
    read(send(Method::GET, paths::SESSIONS, None, NO_BODY).await)
}

/// Whether the first account still has to be created.
pub(super) async fn setup_state() -> Answer<api::SetupState> {
    read(send(Method::GET, paths::SETUP, None, NO_BODY).await)
}

/// The catalog of the server, as it is sent. The browser keeps it, and asks each time whether it is still the same.
pub(super) async fn catalog() -> Answer<String> {
    send(Method::GET, paths::model::CATALOG, None, NO_BODY).await.map(|answer| answer.text)
}

/// Creates the first account and signs it in.
pub(super) async fn set_up(body: &api::SetupRequest) -> Answer<()> {
    send(Method::POST, paths::SETUP, None, Some(body)).await.map(drop)
}

/// The projects of the account, all of them.
pub(super) async fn projects() -> Answer<api::ProjectList> {
    let mut projects: Vec<api::Project> = Vec::new();
    loop {
        let query = page_after(projects.last().map(|project| project.id.as_str()));
        let page: api::ProjectList = read(send(Method::GET, &format!("{}?{query}", paths::PROJECTS), None, NO_BODY).await)?;
        let is_last = page.projects.len() < PAGE;
        projects.extend(page.projects);
        if is_last || projects.len() >= MAX_LISTED {
            return Ok(api::ProjectList { total: projects.len(), projects });
        }
    }
}

/// The first projects of the account.
pub(super) async fn first_projects() -> Answer<Vec<api::Project>> {
    let list: api::ProjectList = read(send(Method::GET, &format!("{}?{}", paths::PROJECTS, page_after(None)), None, NO_BODY).await)?;
    Ok(list.projects)
}

/// Creates a project.
pub(super) async fn create_project(body: &api::CreateProject) -> Answer<api::Project> {
    read(send(Method::POST, paths::PROJECTS, None, Some(body)).await)
}

/// One project.
pub(super) async fn project(project: &str) -> Answer<api::Project> {
    read(send(Method::GET, paths::PROJECT, Some(project), NO_BODY).await)
}

/// Renames a project.
pub(super) async fn rename_project(project: &str, name: &str) -> Answer<api::Project> {
    let body = serde_json::json!({ "name": name });
    read(send(Method::PATCH, &paths::fill(paths::ORGANIZATION_PROJECT, project), None, Some(&body)).await)
}

/// Deletes a project with its keys.
pub(super) async fn delete_project(project: &str) -> Answer<()> {
    send(Method::DELETE, paths::PROJECT, Some(project), NO_BODY).await.map(drop)
}

/// A part of the table of keys; `query` says which.
pub(super) async fn search_keys(project: &str, query: &str) -> Answer<api::KeySearchResult> {
    read(send(Method::GET, &format!("{}?{query}", paths::keys::SEARCH), Some(project), NO_BODY).await)
}

/// How many keys each filter of the table finds.
pub(super) async fn count_keys(project: &str) -> Answer<api::KeyCounts> {
    read(send(Method::GET, paths::keys::COUNTS, Some(project), NO_BODY).await)
}

/// The keys of a project with these ids; those that do not exist are absent.
pub(super) async fn keys(project: &str, ids: &[String]) -> Answer<api::KeyList> {
    let query = json(&Query { method: "equal", attribute: Some("$id"), values: ids });
    let path = paths::fill(&format!("{}?total=false&queries[0]={{query}}", paths::keys::COLLECTION), &query);
    read(send(Method::GET, &path, Some(project), NO_BODY).await)
}

/// One key, with its details.
pub(super) async fn key(project: &str, key: &str) -> Answer<Tagged<api::KeyDetails>> {
    tagged(send(Method::GET, &detailed(&paths::fill(paths::keys::ITEM, key)), Some(project), NO_BODY).await)
}

/// How a key was used lately.
pub(super) async fn key_use(project: &str, key: &str) -> Answer<api::UseReport> {
    #[derive(Deserialize)]
    struct Used {
        #[serde(rename = "use")]
        used: api::UseReport,
    }
    let path = format!("{}?use=true", paths::fill(paths::keys::ITEM, key));
    read(send(Method::GET, &path, Some(project), NO_BODY).await).map(|key: Used| key.used)
}

/// Creates a key; only this response contains its secret.
pub(super) async fn create_key(project: &str, body: &api::CreateKey) -> Answer<api::Key> {
    read(send(Method::POST, paths::keys::COLLECTION, Some(project), Some(body)).await)
}

/// Updates name, description, scopes and expiry of a key, if it still has this tag.
pub(super) async fn update_key(project: &str, key: &str, body: &api::UpdateKey, tag: &str) -> Answer<Tagged<api::Key>> {
    tagged(send_if(Method::PUT, &paths::fill(paths::keys::ITEM, key), Some(project), Some(body), tag).await)
}

/// Deletes a key.
pub(super) async fn delete_key(project: &str, key: &str) -> Answer<()> {
    send(Method::DELETE, &paths::fill(paths::keys::ITEM, key), Some(project), NO_BODY).await.map(drop)
}

/// Gives a key a new secret; only this response contains it.
pub(super) async fn rotate_key(project: &str, key: &str, body: api::RotateKey) -> Answer<Tagged<api::KeyDetails>> {
    tagged(send(Method::POST, &paths::fill(paths::keys::ROTATE, key), Some(project), Some(&body)).await)
}

/// Revokes the old secret of a rotated key immediately.
pub(super) async fn end_overlap(project: &str, key: &str) -> Answer<Tagged<api::KeyDetails>> {
    tagged(send(Method::DELETE, &paths::fill(paths::keys::OVERLAP, key), Some(project), NO_BODY).await)
}

/// Disables or enables a key.
pub(super) async fn set_key_status(project: &str, key: &str, body: api::UpdateKeyStatus) -> Answer<Tagged<api::KeyDetails>> {
    tagged(send(Method::PATCH, &paths::fill(paths::keys::STATUS, key), Some(project), Some(&body)).await)
}

/// The dev keys of a project.
pub(super) async fn dev_keys(project: &str) -> Answer<api::DevKeyList> {
    read(send(Method::GET, &paths::fill(paths::DEV_KEYS, project), Some(project), NO_BODY).await)
}

/// Creates a dev key; only this response contains its secret.
pub(super) async fn create_dev_key(project: &str, body: &api::WriteDevKey) -> Answer<api::DevKey> {
    read(send(Method::POST, &paths::fill(paths::DEV_KEYS, project), Some(project), Some(body)).await)
}

/// One dev key.
pub(super) async fn dev_key(project: &str, key: &str) -> Answer<Tagged<api::DevKey>> {
    let path = paths::fill(&paths::fill(paths::DEV_KEY, project), key);
    tagged(send(Method::GET, &path, Some(project), NO_BODY).await)
}

/// Replaces name and expiry of a dev key, if it still has this tag.
pub(super) async fn update_dev_key(project: &str, key: &str, body: &api::WriteDevKey, tag: &str) -> Answer<api::DevKey> {
    let path = paths::fill(&paths::fill(paths::DEV_KEY, project), key);
    read(send_if(Method::PUT, &path, Some(project), Some(body), tag).await)
}

/// Deletes a dev key.
pub(super) async fn delete_dev_key(project: &str, key: &str) -> Answer<()> {
    let path = paths::fill(&paths::fill(paths::DEV_KEY, project), key);
    send(Method::DELETE, &path, Some(project), NO_BODY).await.map(drop)
}

/// Creates an ephemeral key; only this response contains its secret.
pub(super) async fn create_ephemeral_key(project: &str, scopes: &[String], seconds: i64) -> Answer<api::Key> {
    let body = serde_json::json!({ "scopes": scopes, "duration": seconds });
    read(send(Method::POST, paths::keys::EPHEMERAL, Some(project), Some(&body)).await)
}

/// Revokes an ephemeral key before it expires.
pub(super) async fn end_ephemeral_key(project: &str, key: &str) -> Answer<()> {
    send(Method::DELETE, &paths::fill(paths::keys::EPHEMERAL_ITEM, key), Some(project), NO_BODY).await.map(drop)
}

/// Revokes every ephemeral key of a project.
pub(super) async fn end_ephemeral_keys(project: &str) -> Answer<()> {
    send(Method::POST, paths::keys::EPHEMERAL_END, Some(project), Some(&serde_json::json!({}))).await.map(drop)
}

/// The policy of a project.
pub(super) async fn policy(project: &str) -> Answer<api::ProjectPolicy> {
    read(send(Method::GET, paths::POLICY, Some(project), NO_BODY).await)
}

/// Replaces the policy of a project.
pub(super) async fn update_policy(project: &str, policy: Policy) -> Answer<api::ProjectPolicy> {
    read(send(Method::PATCH, paths::POLICY, Some(project), Some(&policy)).await)
}

const NO_BODY: Option<&()> = None;
/// The status of a sign-in that needs a code.
const ACCEPTED: u16 = 202;
/// How many entries of a list are fetched at a time: the most that the server returns.
const PAGE: usize = 5000;
/// The most entries of a list that are fetched: more would fill the memory of a phone.
const MAX_LISTED: usize = 50_000;

/// The query of the page that starts after the entry with this id.
fn page_after(id: Option<&str>) -> String {
    let query = |number: usize, query: &str| paths::fill(&format!("queries[{number}]={{query}}"), query);
    let first = query(0, &json(&Query { method: "limit", attribute: None, values: &[PAGE] }));
    let after = |id| query(1, &json(&Query { method: "cursorAfter", attribute: None, values: &[id] }));
    id.map_or(first.clone(), |id| format!("{first}&{}", after(id)))
}

/// A query of the contract. A `serde_json::Value` would bring along what writes floats.
#[derive(Serialize)]
struct Query<'a, T> {
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'a str>,
    values: &'a [T],
}

fn json<T: Serialize>(value: &T) -> String {
    // What is written here has texts and whole numbers only.
    serde_json::to_string(value).unwrap_or_default()
}

/// The path that also returns what the contract's model does not have.
fn detailed(path: &str) -> String {
    format!("{path}?details=true")
}

/// What a successful response holds.
struct Received {
    status: u16,
    text: String,
    /// The `ETag`; empty if there is none.
    tag: String,
}

/// What was read, with the tag of its version.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tagged<T> {
    pub value: T,
    pub tag: String,
}

async fn send(method: Method, path: &str, project: Option<&str>, body: Option<&impl Serialize>) -> Answer<Received> {
    send_if(method, path, project, body, "").await
}

/// Sends a request that is refused unless what it changes still has this tag; an empty tag sets no condition.
async fn send_if(method: Method, path: &str, project: Option<&str>, body: Option<&impl Serialize>, tag: &str) -> Answer<Received> {
    let mut builder = RequestBuilder::new(path).method(method).header(headers::PROJECT, project.unwrap_or("console"));
    if project.is_some() {
        builder = builder.header(headers::MODE, "admin");
    }
    if !tag.is_empty() {
        builder = builder.header("if-match", tag);
    }
    let request: Result<Request, _> = match body {
        Some(body) => builder.json(body),
        None => builder.build(),
    };
    let response = request.map_err(|_| ClientError::Offline)?.send().await.map_err(|_| ClientError::Offline)?;
    let status = response.status();
    // A text would be copied letter by letter. What is not UTF-8 is no answer of this server, and nothing can be read in it.
    let text = String::from_utf8(response.binary().await.map_err(|_| ClientError::Offline)?).unwrap_or_default();
    let tag = response.headers().get("etag").unwrap_or_default();
    if (200..300).contains(&status) { Ok(Received { status, text, tag }) } else { Err(refusal(status, &text)) }
}

fn read<T: DeserializeOwned>(answer: Answer<Received>) -> Answer<T> {
    let Received { status, text, .. } = answer?;
    serde_json::from_str(&text).map_err(|_| ClientError::Unreadable { status })
}

fn tagged<T: DeserializeOwned>(answer: Answer<Received>) -> Answer<Tagged<T>> {
    let answer = answer?;
    let tag = answer.tag.clone();
    Ok(Tagged { value: read(Ok(answer))?, tag })
}

/// The catalog that a text holds. Of all that is wrong with it, the first is reported.
pub(super) fn read_catalog(catalog: &str) -> Answer<Catalog> {
    Catalog::from_json(catalog).map_err(|faults| ClientError::Catalog(faults.first().map(ToString::to_string).unwrap_or_default()))
}

/// What a response with an error status means.
fn refusal(status: u16, text: &str) -> ClientError {
    let Ok(body) = serde_json::from_str::<ErrorBody>(text) else { return ClientError::Unreadable { status } };
    // What any page gets once the cookie is gone.
    let signed_out = [ErrorType::UnauthorizedScope, ErrorType::Unauthorized];
    if status == 401 && signed_out.iter().any(|kind| kind.as_str() == body.kind) {
        return ClientError::SignedOut;
    }
    ClientError::Refused(Box::new(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_session_is_told_apart_from_a_wrong_password() {
        let body = |kind: ErrorType| format!(r#"{{"message":"m","code":401,"type":"{}","version":"1"}}"#, kind.as_str());
        assert_eq!(refusal(401, &body(ErrorType::UnauthorizedScope)), ClientError::SignedOut);
        assert!(refusal(401, &body(ErrorType::InvalidCredentials)).is(ErrorType::InvalidCredentials));
    }

    #[test]
    fn a_page_begins_behind_the_last_entry_of_the_one_before() {
        assert_eq!(page_after(None), "queries[0]=%7B%22method%22%3A%22limit%22%2C%22values%22%3A%5B5000%5D%7D");
        let next = page_after(Some("a.b"));
        assert!(next.starts_with(&page_after(None)) && next.contains("&queries[1]=%7B%22method%22%3A%22cursorAfter%22"), "{next}");
        assert!(next.ends_with("%22a.b%22%5D%7D"), "{next}");
    }

    #[test]
    fn a_catalog_that_cannot_be_read_is_no_catalog() {
        let whole = crate::scope::answer(Catalog::appwrite(), crate::scope::Query::Catalog, "{}").unwrap();
        assert_eq!(read_catalog(&whole).unwrap().scopes().len(), Catalog::appwrite().scopes().len());
        for text in ["", "<html>", "{}", &whole.replace("\"services\"", "\"future\"")] {
            let Err(ClientError::Catalog(fault)) = read_catalog(text) else { panic!("{text:.40}") };
            assert!(!fault.is_empty() && ClientError::Catalog(fault.clone()).text().contains(&fault));
        }
    }

    #[test]
    fn an_answer_that_is_not_ours_is_reported_without_a_panic() {
        assert_eq!(refusal(502, "<html>"), ClientError::Unreadable { status: 502 });
        assert_eq!(
            read::<api::KeyList>(Ok(Received { status: 200, text: "{}".to_owned(), tag: String::new() })),
            Err(ClientError::Unreadable { status: 200 })
        );
        assert!(ClientError::Unreadable { status: 502 }.text().contains("502"));
    }
}
