//! The account that is signed in, if any.

use leptos::{prelude::*, task::spawn_local};

use super::{
    catalog::ServerCatalog,
    client::{self, ClientError},
};
use crate::api::Account;

/// The state of the session.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SessionState {
    /// Not known yet.
    Unknown,
    /// Signed out.
    Out {
        /// Whether the session expired, instead of a sign-out.
        ended: bool,
    },
    /// Signed in to this account.
    In(Box<Account>),
    /// The server did not answer.
    Failed(ClientError),
}

/// The session of the browser.
#[derive(Clone, Copy)]
pub(super) struct Session {
    pub state: RwSignal<SessionState>,
    catalog: ServerCatalog,
}

impl Session {
    /// Asks the server who is signed in, and which catalog it has.
    pub fn start(catalog: ServerCatalog) -> Self {
        let session = Self { state: RwSignal::new(SessionState::Unknown), catalog };
        session.refresh();
        session
    }

    /// Asks again.
    pub fn refresh(self) {
        spawn_local(async move {
            self.state.set(state(self.catalog).await);
        });
    }

    /// The session has expired.
    pub fn end(self) {
        self.state.update(|state| {
            if matches!(state, SessionState::In(_)) {
                *state = SessionState::Out { ended: true };
            }
        });
    }

    /// The person has signed out.
    pub fn leave(self) {
        self.state.set(SessionState::Out { ended: false });
        super::tabs::notify(super::tabs::Message::Session);
    }

    /// Whether an account is signed in.
    pub fn is_in(self) -> bool {
        self.state.with(|state| matches!(state, SessionState::In(_)))
    }
}

/// Checks first whether there is a session: without one, a request for the account would log an error in the browser.
async fn state(catalog: ServerCatalog) -> SessionState {
    let found = match client::setup_state().await {
        Ok(state) => {
            catalog.follow(state.catalog);
            if state.signed_in { client::account().await } else { Err(ClientError::SignedOut) }
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(account) => SessionState::In(Box::new(account)),
        Err(ClientError::SignedOut) => SessionState::Out { ended: false },
        Err(error) => SessionState::Failed(error),
    }
}

/// The session that the application provides.
pub(super) fn use_session() -> Session {
    expect_context()
}
