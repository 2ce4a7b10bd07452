//! Requests that wait for the database together. A task takes those that wait and serves them at once, as long as there are any, so each
//! is served by work that begins after it arrives.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::server::store::StoreError;

/// A second task serves what waits only while the others serve fewer than this. So under a low load nobody waits for other requests, and
/// under a high one more of them share their work.
const FEW: usize = 8;

/// Serves requests together.
pub(super) trait Serve: Send + Sync + 'static {
    type Question: Send;
    type Answer: Send;

    /// The maximum number of requests that are served together.
    const MAX: usize;
    /// The maximum number of tasks that serve at the same time.
    const AT_ONCE: usize;

    /// The answers to the questions, in their order.
    fn serve(&self, questions: Vec<Self::Question>) -> impl Future<Output = Vec<Result<Self::Answer, StoreError>>> + Send;
}

/// A request, and who waits for its answer.
struct Waiting<S: Serve> {
    question: S::Question,
    answer: oneshot::Sender<Result<S::Answer, StoreError>>,
}

struct State<S: Serve> {
    waiting: VecDeque<Waiting<S>>,
    /// The number of tasks. INVARIANT: there is one where a request waits.
    tasks: usize,
    /// The number of requests that they serve.
    served: usize,
}

impl<S: Serve> State<S> {
    fn may_serve(&self, others: usize) -> bool {
        others == 0 || others < S::AT_ONCE && self.served < FEW
    }
}

/// The requests that wait.
pub(super) struct Together<S: Serve> {
    serve: S,
    state: Mutex<State<S>>,
}

/// The task that serves requests as long as there are any.
struct Task<S: Serve> {
    together: Arc<Together<S>>,
    /// How many it serves.
    served: usize,
    /// Whether it found nothing to do, and is no longer counted.
    is_over: bool,
}

impl<S: Serve> Drop for Task<S> {
    /// Its runtime may end before its work does. Then those that wait learn it, and the next request has another task.
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let mut state = self.together.lock();
        state.served -= self.served;
        state.tasks -= 1;
        if state.tasks == 0 {
            state.waiting.clear();
        }
    }
}

impl<S: Serve> Together<S> {
    pub(super) fn new(serve: S) -> Arc<Self> {
        Arc::new(Self { serve, state: Mutex::new(State { waiting: VecDeque::new(), tasks: 0, served: 0 }) })
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the request is served.
    pub(super) async fn ask(self: &Arc<Self>, question: S::Question) -> Result<S::Answer, StoreError> {
        let (answer, answered) = oneshot::channel();
        let needs_task = {
            let mut state = self.lock();
            state.waiting.push_back(Waiting { question, answer });
            let needs_task = state.may_serve(state.tasks);
            state.tasks += usize::from(needs_task);
            needs_task
        };
        if needs_task {
            tokio::spawn(Task { together: self.clone(), served: 0, is_over: false }.run());
        }
        answered.await.unwrap_or_else(|_| Err(StoreError::Unavailable("a request to the database was broken off".to_owned())))
    }
}

impl<S: Serve> Task<S> {
    async fn run(mut self) {
        while let Some(waiting) = self.take() {
            let (questions, answers): (Vec<_>, Vec<_>) = waiting.into_iter().map(|Waiting { question, answer }| (question, answer)).unzip();
            let outcomes = self.together.serve.serve(questions).await;
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // The request may be gone.
                let _ = answer.send(outcome);
            }
        }
    }

    /// The requests that wait; `None` ends the task.
    fn take(&mut self) -> Option<Vec<Waiting<S>>> {
        let mut state = self.together.lock();
        state.served -= self.served;
        self.served = 0;
        // Whoever has left before the beginning takes the request back.
        state.waiting.retain(|waiting| !waiting.answer.is_closed());
        if state.waiting.is_empty() || !state.may_serve(state.tasks - 1) {
            // With the lock still held: a request that comes now must not count on this task.
            state.tasks -= 1;
            self.is_over = true;
            return None;
        }
        self.served = state.waiting.len().min(S::MAX);
        state.served += self.served;
        Some(state.waiting.drain(..self.served).collect())
    }
}
