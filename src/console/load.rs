//! Loads the data of a page from the server.

use std::{
    future::{Future, ready},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use leptos::{prelude::*, task::spawn_local};

use super::{client::ClientError, session::use_session};

/// Data that a page asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LoadState<T> {
    /// Not here yet.
    Loading,
    /// Loaded.
    Ready(T),
    /// Loading failed.
    Failed(ClientError),
}

/// Data that a page asked for, and a way to load it again.
pub(super) struct Load<T: Send + Sync + 'static> {
    pub value: RwSignal<LoadState<T>>,
    pub reload: Callback<()>,
}

impl<T: Send + Sync> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Load<T> {}

/// Sets a signal of a page that may be gone by now; then nothing happens.
pub(super) fn set_if_alive<T: Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    let _: Option<()> = signal.try_update(|held| *held = value);
}

/// Lets a request be sent now, and not only after the page that asks for it is made: the server answers meanwhile.
pub(super) fn begun<T: 'static>(request: impl Future<Output = T> + 'static) -> Pin<Box<dyn Future<Output = T>>> {
    let mut request: Pin<Box<dyn Future<Output = T>>> = Box::pin(request);
    // Whoever awaits it asks again at once, and is then woken.
    match request.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Box::pin(ready(answer)),
        Poll::Pending => request,
    }
}

/// Loads data now, and again on each call of `reload`. If the session has expired, the sign-in page is shown.
pub(super) fn load<T, F>(fetch: impl Fn() -> F + Send + Sync + Clone + 'static) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, ClientError>> + 'static,
{
    let session = use_session();
    let value = RwSignal::new(LoadState::Loading);
    let reload = Callback::new(move |()| {
        let answer = begun(fetch());
        value.set(LoadState::Loading);
        spawn_local(async move {
            let answer = answer.await;
            if answer.as_ref().err() == Some(&ClientError::SignedOut) {
                session.end();
            }
            set_if_alive(value, answer.map_or_else(LoadState::Failed, LoadState::Ready));
        });
    });
    reload.run(());
    Load { value, reload }
}
