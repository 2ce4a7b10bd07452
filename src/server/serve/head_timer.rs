//! The timer with which hyper waits for the head of a request. hyper makes a sleep for each request and drops it when the head is there; a
//! new one takes memory, and twice the lock of the runtime's timers. This timer keeps the sleep of its connection and moves the deadline,
//! which takes neither.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};

type Kept = Arc<Mutex<Option<Pin<Box<tokio::time::Sleep>>>>>;

/// For one connection.
#[derive(Default)]
pub(super) struct HeadTimer(Kept);

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        let deadline = deadline.into();
        let sleep = match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(mut sleep) => {
                sleep.as_mut().reset(deadline);
                sleep
            }
            None => Box::pin(tokio::time::sleep_until(deadline)),
        };
        Box::pin(HeadSleep { sleep: Some(sleep), kept: self.0.clone() })
    }

    fn now(&self) -> Instant {
        tokio::time::Instant::now().into()
    }
}

/// A sleep that goes back to its timer.
struct HeadSleep {
    /// Always there until this is dropped.
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
    kept: Kept,
}

impl Future for HeadSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.sleep.as_mut().map_or(Poll::Ready(()), |sleep| sleep.as_mut().poll(context))
    }
}

impl Sleep for HeadSleep {}

impl Drop for HeadSleep {
    fn drop(&mut self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = self.sleep.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_over(sleep: &mut Pin<Box<dyn Sleep>>) -> bool {
        sleep.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_ready()
    }

    #[tokio::test(start_paused = true)]
    async fn each_sleep_has_its_own_deadline_though_they_share_one_timer() {
        let timer = HeadTimer::default();
        let mut first = timer.sleep(Duration::from_secs(15));
        assert!(!is_over(&mut first));
        tokio::time::advance(Duration::from_secs(14)).await;
        assert!(!is_over(&mut first));
        drop(first);
        // The next request has its whole time, and no more than that.
        let mut second = timer.sleep(Duration::from_secs(15));
        assert!(!is_over(&mut second));
        tokio::time::advance(Duration::from_secs(14)).await;
        assert!(!is_over(&mut second));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(is_over(&mut second));
        drop(second);
        // Also behind one that has ended, and an earlier deadline than the last one.
        let mut third = timer.sleep(Duration::from_secs(15));
        assert!(!is_over(&mut third));
        drop(third);
        let mut fourth = timer.sleep(Duration::from_secs(1));
        assert!(!is_over(&mut fourth));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(is_over(&mut fourth));
    }

    #[tokio::test(start_paused = true)]
    async fn two_sleeps_at_once_are_two_timers() {
        let timer = HeadTimer::default();
        let (mut short, mut long) = (timer.sleep(Duration::from_secs(1)), timer.sleep(Duration::from_secs(9)));
        assert!(!is_over(&mut short) && !is_over(&mut long));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(is_over(&mut short) && !is_over(&mut long));
        drop((short, long));
        let mut next = timer.sleep(Duration::from_secs(1));
        assert!(!is_over(&mut next));
    }
}
