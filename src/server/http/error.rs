//! How a refusal looks on the wire (contract §4). The one place that turns errors into statuses.

use std::{borrow::Cow, sync::OnceLock};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    api::{CONTRACT_VERSION, ErrorBody, ErrorType, RequestProblem},
    scope::{Code, Report, RequestError, RequestErrorCode},
    server::{
        auth::PasswordError,
        limits::{Full, RateLimited},
        random::RandomError,
        service::ServiceError,
        store::StoreError,
    },
};

/// When to ask again while the database does not answer, in seconds.
const UNAVAILABLE_SECONDS: u16 = 5;
/// When to ask again while there is no turn, in seconds.
const FULL_SECONDS: u16 = 1;

/// Why a request is refused.
#[derive(Debug)]
pub(in crate::server) struct ApiError {
    kind: ErrorType,
    message: Cow<'static, str>,
    report: Option<Box<Report>>,
    by_policy: bool,
    problem: Option<Box<RequestProblem>>,
    refusal: Option<RateLimited>,
    retry_after_seconds: Option<u16>,
}

impl ApiError {
    /// A refusal with its usual words.
    pub(in crate::server) fn new(kind: ErrorType) -> Self {
        Self {
            kind,
            message: Cow::Borrowed(kind.message()),
            report: None,
            by_policy: false,
            problem: None,
            refusal: None,
            retry_after_seconds: None,
        }
    }

    /// A refusal with more exact words.
    pub(in crate::server) fn because(kind: ErrorType, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..Self::new(kind) }
    }

    /// A parameter is missing.
    pub(in crate::server) fn missing(parameter: &str) -> Self {
        Self::because(ErrorType::ArgumentInvalid, format!("The parameter `{parameter}` is missing. Send it in the body, as JSON."))
    }

    /// A parameter is not valid; `problem` is read after "it".
    pub(in crate::server) fn invalid(parameter: &str, problem: impl std::fmt::Display) -> Self {
        Self::because(ErrorType::ArgumentInvalid, format!("The parameter `{parameter}` is not valid: it {problem}."))
    }

    /// What kind of refusal it is.
    pub(in crate::server) fn kind(&self) -> ErrorType {
        self.kind
    }

    /// The message for the client.
    pub(in crate::server) fn message(&self) -> &str {
        &self.message
    }

    /// Whether the policy of the project refuses what would be allowed otherwise.
    pub(in crate::server) fn is_by_policy(&self) -> bool {
        self.by_policy
    }

    /// A fault of the server: its cause goes to the log, not to the client.
    fn fault(kind: ErrorType, cause: &dyn std::error::Error) -> Self {
        tracing::error!(error = %cause, "a request failed");
        Self::new(kind)
    }
}

impl From<Full> for ApiError {
    /// Not a fault of the server, and not logged: a flood of requests must not flood the log.
    fn from(full: Full) -> Self {
        let (kind, message) = match full {
            Full::Caller => (ErrorType::RateLimitExceeded, "Too many requests of yours wait for their turn. Send fewer at a time."),
            Full::All | Full::Late => (ErrorType::Unavailable, "The server is busy with other requests. Try again shortly."),
        };
        Self { retry_after_seconds: Some(FULL_SECONDS), ..Self::because(kind, message) }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            // Reaches the client only after many attempts.
            StoreError::Stale => Self::new(ErrorType::WriteConflict),
            StoreError::Busy(full) => full.into(),
            StoreError::Unavailable(_) | StoreError::Untrusted { .. } | StoreError::NotPrimary { .. } | StoreError::Moved { .. } => {
                Self::fault(ErrorType::Unavailable, &error)
            }
            _ => Self::fault(ErrorType::Unknown, &error),
        }
    }
}

impl From<RandomError> for ApiError {
    fn from(error: RandomError) -> Self {
        Self::fault(ErrorType::Unknown, &error)
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy(full) => full.into(),
            PasswordError::Random(_) | PasswordError::Hash => Self::fault(ErrorType::Unknown, &error),
        }
    }
}

impl From<RateLimited> for ApiError {
    fn from(refusal: RateLimited) -> Self {
        Self { refusal: Some(refusal), ..Self::new(ErrorType::RateLimitExceeded) }
    }
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> Self {
        let kind = match error.code {
            RequestErrorCode::MalformedRequest => ErrorType::RequestMalformed,
            RequestErrorCode::InvalidRequest => ErrorType::RequestInvalid,
            RequestErrorCode::RequestTooLarge => ErrorType::RequestTooLarge,
            RequestErrorCode::UnknownCall => ErrorType::RouteNotFound,
        };
        let message = format!("The request cannot be answered: {}; {}.", error.message, error.help);
        let problem = RequestProblem { code: error.code.as_str().to_owned(), message: error.message, help: error.help };
        Self { problem: Some(Box::new(problem)), ..Self::because(kind, message) }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Invalid { .. } => Self::because(ErrorType::ArgumentInvalid, error.to_string()),
            ServiceError::Refused(ref report) => {
                let by_policy = report.errors.iter().any(|error| error.code == Code::ExceedsGrantor);
                let report = Some(report.clone());
                Self { report, by_policy, ..Self::because(ErrorType::ArgumentInvalid, error.to_string()) }
            }
            ServiceError::Expiry { .. } => Self { by_policy: true, ..Self::because(ErrorType::ArgumentInvalid, error.to_string()) },
            ServiceError::KeyCreationDenied => Self { by_policy: true, ..Self::new(ErrorType::KeyCreationDenied) },
            ServiceError::TakeoverDenied { ref report, .. } => {
                let report = report.clone();
                Self { report, by_policy: true, ..Self::because(ErrorType::KeyCreationDenied, error.to_string()) }
            }
            ServiceError::WidgetDenied { .. } => Self { by_policy: true, ..Self::because(ErrorType::WidgetDenied, error.to_string()) },
            ServiceError::TooManyEnded => Self::because(ErrorType::WriteConflict, error.to_string()),
            ServiceError::Changed => Self::new(ErrorType::PreconditionFailed),
            ServiceError::Unsigned => Self::fault(ErrorType::Unknown, &error),
            ServiceError::ProjectMissing => Self::new(ErrorType::ProjectNotFound),
            ServiceError::KeyExists => Self::new(ErrorType::KeyAlreadyExists),
            ServiceError::ProjectExists => Self::new(ErrorType::ProjectAlreadyExists),
            ServiceError::AccountExists => Self::new(ErrorType::UserAlreadyExists),
            ServiceError::Store(error) => error.into(),
            ServiceError::Random(error) => error.into(),
            ServiceError::Password(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ErrorBody {
            message: self.message.into_owned(),
            code: status.as_u16(),
            kind: self.kind.as_str().to_owned(),
            version: CONTRACT_VERSION.to_owned(),
            report: self.report.map(|report| *report),
            error: self.problem.map(|problem| *problem),
        };
        let mut response = json(status, &body);
        // For the access log and the metrics.
        response.extensions_mut().insert(self.kind);
        if let Some(refusal) = self.refusal {
            limit_headers(&mut response, refusal);
        }
        let seconds = self.retry_after_seconds.or_else(|| (status == StatusCode::SERVICE_UNAVAILABLE).then_some(UNAVAILABLE_SECONDS));
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// What a connection reads for which there is no room, in the form of every other error.
pub(super) fn crowded(request_id: &dyn std::fmt::Display) -> String {
    static BODY: OnceLock<String> = OnceLock::new();
    let body = BODY.get_or_init(|| {
        let body = ErrorBody {
            message: "The server has too many connections. Try again shortly, and send fewer requests at a time.".to_owned(),
            code: ErrorType::Unavailable.status(),
            kind: ErrorType::Unavailable.as_str().to_owned(),
            version: CONTRACT_VERSION.to_owned(),
            report: None,
            error: None,
        };
        serde_json::to_string(&body).unwrap_or_default()
    });
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\nx-request-id: {request_id}\r\n\
         content-type: application/json; charset=UTF-8\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// RFC 9110 `Retry-After`, the draft's `RateLimit` fields, and the names that the contract uses.
fn limit_headers(response: &mut Response, refusal: RateLimited) {
    let (attempts, window, wait) = (refusal.limit.attempts, refusal.limit.window_seconds, refusal.retry_after_seconds);
    let fields = [
        (header::RETRY_AFTER, wait.to_string()),
        (HeaderName::from_static("ratelimit-policy"), format!("\"default\";q={attempts};w={window}")),
        (HeaderName::from_static("ratelimit"), format!("\"default\";r=0;t={wait}")),
        (HeaderName::from_static("x-ratelimit-limit"), attempts.to_string()),
        (HeaderName::from_static("x-ratelimit-remaining"), "0".to_owned()),
        (HeaderName::from_static("x-ratelimit-reset"), wait.to_string()),
    ];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// An answer with a JSON body, in the contract's content type.
pub(in crate::server) fn json<T: serde::Serialize>(status: StatusCode, body: &T) -> Response {
    let (status, bytes) = match serde_json::to_vec(body) {
        Ok(bytes) => (status, bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            (StatusCode::INTERNAL_SERVER_ERROR, Vec::new())
        }
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    response
}
