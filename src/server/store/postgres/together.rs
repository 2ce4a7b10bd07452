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

#[cfg(test)]
mod tests {
    use tokio::{
        sync::Semaphore,
        task::{JoinHandle, yield_now},
    };

    use super::*;

    /// Answers with the question, once it may. Notes what it served together.
    struct Gate<const AT_ONCE: usize> {
        served: Arc<Mutex<Vec<Vec<u32>>>>,
        open: Arc<Semaphore>,
    }

    impl<const AT_ONCE: usize> Serve for Gate<AT_ONCE> {
        type Question = u32;
        type Answer = u32;

        const MAX: usize = 16;
        const AT_ONCE: usize = AT_ONCE;

        async fn serve(&self, questions: Vec<u32>) -> Vec<Result<u32, StoreError>> {
            self.served.lock().unwrap().push(questions.clone());
            self.open.acquire().await.unwrap().forget();
            assert!(!questions.contains(&666), "a question that it does not survive");
            questions.into_iter().map(Ok).collect()
        }
    }

    struct Scene<const AT_ONCE: usize> {
        together: Arc<Together<Gate<AT_ONCE>>>,
        served: Arc<Mutex<Vec<Vec<u32>>>>,
        open: Arc<Semaphore>,
    }

    impl<const AT_ONCE: usize> Scene<AT_ONCE> {
        fn new() -> Self {
            let (served, open) = (Arc::default(), Arc::new(Semaphore::new(0)));
            Self { together: Together::new(Gate { served: Arc::clone(&served), open: open.clone() }), served, open }
        }

        /// Asks, and lets everyone come as far as possible: one thread runs all tasks in turn.
        async fn ask(&self, numbers: impl IntoIterator<Item = u32>) -> Vec<JoinHandle<Result<u32, StoreError>>> {
            let ask = |number| {
                let together = self.together.clone();
                tokio::spawn(async move { together.ask(number).await })
            };
            let asked = numbers.into_iter().map(ask).collect();
            settle().await;
            asked
        }

        async fn let_one_end(&self) {
            self.open.add_permits(1);
            settle().await;
        }

        fn served(&self) -> Vec<Vec<u32>> {
            self.served.lock().unwrap().clone()
        }
    }

    async fn settle() {
        for _ in 0..100 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn requests_that_wait_are_served_together_in_their_order_and_get_their_own_answers() {
        let scene = Scene::<1>::new();
        let mut asked = scene.ask([0]).await;
        asked.extend(scene.ask(1..20).await);
        assert_eq!(scene.served(), [vec![0]], "the others wait for the first one");
        scene.let_one_end().await;
        assert_eq!(scene.served().last().unwrap(), &(1..17).collect::<Vec<_>>(), "as many as are served together");
        scene.open.add_permits(2);
        for (number, asked) in (0..).zip(asked) {
            assert_eq!(asked.await.unwrap().unwrap(), number);
        }
        assert_eq!(scene.served().last().unwrap(), &[17, 18, 19]);
    }

    #[tokio::test]
    async fn a_second_task_begins_only_while_the_first_one_serves_few() {
        let scene = Scene::<2>::new();
        scene.ask([0]).await;
        scene.ask(1..10).await;
        assert_eq!(scene.served(), [vec![0], (1..10).collect()], "nobody waits for one request");
        scene.ask([10]).await;
        scene.let_one_end().await;
        assert_eq!(scene.served().len(), 2, "one task serves many, so the other one ends");
        scene.let_one_end().await;
        assert_eq!(scene.served().last().unwrap(), &[10]);
    }

    #[tokio::test]
    async fn who_has_left_is_not_served() {
        let scene = Scene::<1>::new();
        scene.ask([0]).await;
        scene.ask([1]).await.pop().unwrap().abort();
        let asked = scene.ask([2]).await;
        scene.let_one_end().await;
        assert_eq!(scene.served(), [[0], [2]]);
        scene.let_one_end().await;
        assert_eq!(asked.into_iter().next_back().unwrap().await.unwrap().unwrap(), 2);
    }

    #[tokio::test]
    async fn where_a_task_breaks_off_those_that_wait_learn_it_and_the_next_one_is_served() {
        let scene = Scene::<1>::new();
        let mut asked = scene.ask([666]).await;
        asked.extend(scene.ask([1]).await);
        scene.let_one_end().await;
        for asked in asked {
            assert!(matches!(asked.await.unwrap(), Err(StoreError::Unavailable(_))));
        }
        scene.open.add_permits(1);
        assert_eq!(scene.together.ask(2).await.unwrap(), 2);
    }
}
