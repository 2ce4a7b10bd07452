//! Whether somebody is signed in, and who.

use leptos::{prelude::*, task::spawn_local};

use super::client::{self, ClientError};
use crate::api::Account;

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Standing {
    /// Not known yet.
    Unknown,
    /// Nobody.
    Out {
        /// Whether somebody was, until the session ended by itself.
        ended: bool,
    },
    /// This account.
    In(Box<Account>),
    /// It cannot be found out.
    Failed(ClientError),
}

/// The session of the browser.
#[derive(Clone, Copy)]
pub(super) struct Session {
    pub standing: RwSignal<Standing>,
}

impl Session {
    /// Asks the server who is signed in.
    pub fn start() -> Self {
        let session = Self { standing: RwSignal::new(Standing::Unknown) };
        session.refresh();
        session
    }

    /// Asks again.
    pub fn refresh(self) {
        spawn_local(async move {
            self.standing.set(standing().await);
        });
    }

    /// The server knows the session no more.
    pub fn end(self) {
        self.standing.update(|standing| {
            if matches!(standing, Standing::In(_)) {
                *standing = Standing::Out { ended: true };
            }
        });
    }

    /// The person has signed out.
    pub fn leave(self) {
        self.standing.set(Standing::Out { ended: false });
    }

    /// Whether somebody is signed in.
    pub fn is_in(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::In(_)))
    }
}

/// Asks first whether there is a session: a question for the account without one would be an error in the log of the browser.
async fn standing() -> Standing {
    let found = match client::setup_state().await {
        Ok(state) if !state.signed_in => Err(ClientError::SignedOut),
        Ok(_) => client::account().await,
        Err(error) => Err(error),
    };
    match found {
        Ok(account) => Standing::In(Box::new(account)),
        Err(ClientError::SignedOut) => Standing::Out { ended: false },
        Err(error) => Standing::Failed(error),
    }
}

/// The session that the application provides.
pub(super) fn use_session() -> Session {
    expect_context()
}
