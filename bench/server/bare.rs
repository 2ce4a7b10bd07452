//! The least that a server of this kind can do: axum, as its documentation shows it.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

/// What [`Kind::Json`](crate::load::Kind::Json) sends.
#[derive(Deserialize)]
struct Asked {
    key: String,
    scopes: Vec<String>,
}

/// Answers everything with 204, and a question in JSON with one in JSON; with so many threads, or one for each core.
pub fn run(threads: Option<usize>) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    threads.map(|threads| builder.worker_threads(threads));
    let runtime = builder.enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/keys/verify", post(answer_json)).fallback(async || StatusCode::NO_CONTENT);
        axum::serve(listener, router).await.unwrap();
    });
}

/// Reads the body and writes one with the members that the server writes.
async fn answer_json(body: Bytes) -> Response {
    let Ok(asked) = serde_json::from_slice::<Asked>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let answer = json!({
        "valid": asked.key.len() > 1, "code": "valid", "message": "The key may do this.", "type": "standard", "keyId": "key1",
        "projectId": "shop", "scopes": asked.scopes, "missing": [], "expire": null,
    });
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], answer.to_string()).into_response()
}
