//! What every request needs: the store, the clock, the counters.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{body::Bytes, http::HeaderMap};

use super::{
    auth::{KnownSecrets, PasswordError, Passwords, RootKey, SecretHash, SessionToken},
    clock::Clock,
    config::PublicUrl,
    entity_tag::TaggedJson,
    hosts::Host,
    http::{
        known::{Paths, ScopeLists},
        middleware::{access_log::RequestIds, response_memory},
        model_bounds,
    },
    limits::{FairQueue, Quota, RateLimiter, SignIn, UnknownKeys},
    lost_names::LostNames,
    metrics::Metrics,
    proxies::TrustedProxies,
    random::{Random, RandomError},
    readiness::Readiness,
    recorder::{Operations, Refusals, Usage},
    store::{Store, StoreError},
    writes::Writes,
};
use crate::scope::{Catalog, Query, RequestError, answer};
use tokio::time::timeout;

/// Wrong tokens of set-up or of invitation links, from one network.
const WRONG_LINKS: Quota = Quota { attempts: 10, window_seconds: 3600 };
/// Wrong old passwords, at a change of the password, from one session: an attacker with a stolen session must not find it out.
const OLD_PASSWORDS: Quota = Quota { attempts: 10, window_seconds: 3600 };
/// Unknown keys that one caller may have verified: it serves many clients, of whom one may guess.
const UNKNOWN_VERIFIED: Quota = Quota { attempts: 1000, window_seconds: 60 };
/// How often the audit log notes that a key was refused for the same reason: it must not be filled by a client that tries again and again.
const DENIALS: Quota = Quota { attempts: 1, window_seconds: 600 };

/// Why there is no set-up link.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is no randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What every request needs.
pub struct App {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) public_url: Option<PublicUrl>,
    /// The catalog that keys are checked against.
    pub(super) catalog: &'static Catalog,
    /// The operations of paths, and what lists of scopes open, by this catalog.
    pub(super) paths: Paths,
    pub(super) scope_lists: ScopeLists,
    pub(super) passwords: Passwords,
    pub(super) sign_in: SignIn,
    /// Codes of second factors at sign-in.
    pub(super) codes: SignIn,
    pub(super) wrong_setup_tokens: RateLimiter,
    pub(super) wrong_invitations: RateLimiter,
    /// By network.
    pub(super) unknown_keys: UnknownKeys<Option<IpAddr>>,
    /// By project, and kind and id of the caller.
    pub(super) unknown_verified_keys: UnknownKeys<(String, &'static str, String)>,
    /// What the memory of answers is given by, in KiB, to projects by their sequence; `None` for the server's own lists.
    pub(super) answers: FairQueue<Option<i64>>,
    /// What the threads of the scope model are given by, to networks.
    pub(super) model: FairQueue<Option<IpAddr>>,
    /// By session.
    pub(super) old_passwords: RateLimiter,
    pub(super) denials: RateLimiter,
    pub(super) root_key: RootKey,
    pub(super) request_ids: RequestIds,
    pub(super) known_secrets: KnownSecrets,
    pub(super) usage: Usage,
    pub(super) operations: Operations,
    pub(super) refusals: Refusals,
    /// Requests that write: they take turns, and what has begun ends, whether or not its client still listens.
    pub(super) writes: Writes,
    readiness: Readiness,
    /// The OpenAPI document, after the first request for it.
    pub(super) openapi: OnceLock<Bytes>,
    /// The headers of an answer about one valid key, after the first one.
    pub(super) verified_headers: OnceLock<HeaderMap>,
    /// The whole catalog, after the first request for it.
    whole_catalog: OnceLock<TaggedJson>,
    /// What the stored keys have and the catalog has not, once that is known.
    lost_names: OnceLock<LostNames>,
    trusted_proxies: OnceLock<TrustedProxies>,
    accepted_hosts: OnceLock<Vec<Host>>,
    metrics: OnceLock<Metrics>,
}

impl App {
    /// Puts the parts together, with the built-in catalog and a new root key: ephemeral keys end when the app does. Call it inside
    /// of a Tokio runtime.
    ///
    /// # Errors
    /// [`PasswordError`] where passwords cannot be hashed on this machine, or there is no randomness.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        public_url: Option<PublicUrl>,
    ) -> Result<Arc<Self>, PasswordError> {
        Self::with_catalog(store, clock, random, public_url, Catalog::appwrite())
    }

    /// As [`App::new`], with another catalog than the built-in one.
    ///
    /// # Errors
    /// As [`App::new`].
    pub fn with_catalog(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        public_url: Option<PublicUrl>,
        catalog: &'static Catalog,
    ) -> Result<Arc<Self>, PasswordError> {
        let root_key = RootKey::new(random.as_ref())?;
        Self::with_root_key(store, clock, random, public_url, catalog, root_key)
    }

    /// As [`App::with_catalog`], with the root key that ephemeral keys are signed from; every replica has the same.
    ///
    /// # Errors
    /// As [`App::new`].
    pub fn with_root_key(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        public_url: Option<PublicUrl>,
        catalog: &'static Catalog,
        root_key: RootKey,
    ) -> Result<Arc<Self>, PasswordError> {
        Ok(Arc::new(Self {
            usage: Usage::start(store.clone()),
            operations: Operations::start(store.clone()),
            refusals: Refusals::start(store.clone()),
            writes: Writes::default(),
            store,
            clock,
            public_url,
            catalog,
            paths: Paths::new(catalog),
            scope_lists: ScopeLists::default(),
            passwords: Passwords::new()?,
            sign_in: SignIn::default(),
            codes: SignIn::of_codes(),
            wrong_setup_tokens: RateLimiter::new(WRONG_LINKS),
            wrong_invitations: RateLimiter::new(WRONG_LINKS),
            old_passwords: RateLimiter::new(OLD_PASSWORDS),
            unknown_keys: UnknownKeys::default(),
            unknown_verified_keys: UnknownKeys::new(UNKNOWN_VERIFIED),
            answers: FairQueue::new(response_memory::BOUNDS),
            model: FairQueue::new(model_bounds()),
            denials: RateLimiter::new(DENIALS),
            request_ids: RequestIds::new(random.as_ref())?,
            known_secrets: KnownSecrets::new(random.as_ref())?,
            root_key,
            random,
            readiness: Readiness::default(),
            openapi: OnceLock::new(),
            verified_headers: OnceLock::new(),
            whole_catalog: OnceLock::new(),
            lost_names: OnceLock::new(),
            trusted_proxies: OnceLock::new(),
            accepted_hosts: OnceLock::new(),
            metrics: OnceLock::new(),
        }))
    }

    /// The whole catalog as the model returns it, made at the first call.
    pub(super) fn whole_catalog(&self) -> Result<&TaggedJson, RequestError> {
        if let Some(made) = self.whole_catalog.get() {
            return Ok(made);
        }
        let text = answer(self.catalog, Query::Catalog, "{}")?;
        Ok(self.whole_catalog.get_or_init(|| TaggedJson::new(text)))
    }

    /// The tag of a custom catalog; `None` for the built-in one, which every console has.
    pub(super) fn custom_catalog_tag(&self) -> Result<Option<&str>, RequestError> {
        let is_built_in = std::ptr::eq(self.catalog, Catalog::appwrite());
        if is_built_in { Ok(None) } else { self.whole_catalog().map(|whole| Some(whole.tag.as_str())) }
    }

    /// Keeps what the catalog does not have. Only the first call counts.
    pub(super) fn set_lost_names(&self, lost: LostNames) {
        let _ = self.lost_names.set(lost);
    }

    /// What stored keys and policies name and the catalog does not have, as it was at the start; `None` while that is not known.
    pub(super) fn lost_names(&self) -> Option<&LostNames> {
        self.lost_names.get()
    }

    /// Trusts the forwarded headers of these proxies. Only the first call counts.
    pub fn trust_proxies(&self, proxies: TrustedProxies) {
        let _ = self.trusted_proxies.set(proxies);
    }

    /// The trusted proxies.
    pub(super) fn trusted_proxies(&self) -> &TrustedProxies {
        static NONE: TrustedProxies = TrustedProxies::none();
        self.trusted_proxies.get().unwrap_or(&NONE)
    }

    /// Also accepts these hosts, if there is a public URL. Only the first call counts.
    pub fn accept_hosts(&self, hosts: Vec<Host>) {
        let _ = self.accepted_hosts.set(hosts);
    }

    /// Whether this server answers to a host: to any one without a public URL; with one to its own, and to those that were named.
    pub(super) fn answers_to(&self, name: &str, port: Option<u16>) -> bool {
        let Some(url) = &self.public_url else { return true };
        url.is_at(name, port) || self.accepted_hosts.get().is_some_and(|hosts| hosts.iter().any(|host| host.is(name, port)))
    }

    /// Starts the metrics. Only the first call counts.
    pub(super) fn count(&self, metrics: Metrics) {
        let _ = self.metrics.set(metrics);
    }

    /// The metrics, if they are on.
    pub(super) fn metrics(&self) -> Option<&Metrics> {
        self.metrics.get()
    }

    /// Makes the one-time token of the set-up link; an earlier one ends.
    ///
    /// # Errors
    /// [`SetupError`] where there is no randomness, or the store fails.
    pub async fn new_setup_token(&self) -> Result<SessionToken, SetupError> {
        let token = SessionToken::new(self.random.as_ref())?;
        self.store.set_setup_token(&token.hash()).await?;
        Ok(token)
    }

    /// Whether this is the token of the set-up link.
    pub(super) async fn is_setup_token(&self, token: &str) -> Result<bool, StoreError> {
        Ok(self.store.setup_token().await?.is_some_and(|kept| kept.matches(&SecretHash::of(token))))
    }

    /// Waits until every request that writes has come to its end, whether or not its client still listens.
    pub async fn finish_writes(&self) {
        self.writes.finish().await;
    }

    /// How many requests that may write are under way: those whose client waits, and those that have begun to write.
    pub fn writes_under_way(&self) -> usize {
        self.writes.under_way()
    }

    /// How many requests have begun to write, and are not done.
    pub fn writes_begun(&self) -> usize {
        self.writes.begun()
    }

    /// Waits, before the process ends, until changes have come to their end and notes are written: `grace` for the ones and `grace` for
    /// the others at the longest, since the database may be gone for good.
    pub async fn wind_down(&self, grace: Duration) {
        if timeout(grace, self.finish_writes()).await.is_err() {
            tracing::warn!(seconds = grace.as_secs(), "some changes did not end in time and were cut off");
        }
        if timeout(grace, self.settle()).await.is_err() {
            tracing::warn!(seconds = grace.as_secs(), "the database does not answer: some uses and refusals were not written down");
        }
    }

    /// Whether the database can be read and written, as it was found within the last second.
    pub(super) async fn is_ready(&self) -> bool {
        self.readiness.ask(self.store.as_ref(), self.clock.as_ref()).await
    }

    /// Waits until everything that is written off the request path is written.
    pub async fn settle(&self) {
        self.usage.settle().await;
        self.operations.settle().await;
        self.refusals.settle().await;
    }
}
