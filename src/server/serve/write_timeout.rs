//! How long a client may take to read its answer.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::connections::Connection;

/// How long a client may read nothing at all.
const STALL: Duration = Duration::from_secs(30);
/// How fast a client must read over a longer time, in bytes a second: one byte now and then does not hold an answer.
const BYTES_PER_SECOND: u64 = 16 * 1024;

/// Pieces that are not longer together are sent as one.
const SMALL: usize = 2048;

/// A connection whose client is cut off when it does not read.
pub(super) struct WriteTimeout {
    stream: TcpStream,
    connection: Arc<Connection>,
    /// Until when something must have been read; `None` while nothing waits to be.
    until: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// The patience that is left after so many bytes were read.
fn extended(until: Instant, now: Instant, bytes: usize) -> Instant {
    let earned = Duration::from_micros((bytes as u64).saturating_mul(1_000_000) / BYTES_PER_SECOND);
    (until + earned).min(now + STALL)
}

/// The pieces as one, if they have room there.
fn joined<'a>(pieces: &[io::IoSlice<'_>], room: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut end = 0;
    for piece in pieces {
        room.get_mut(end..end + piece.len())?.copy_from_slice(piece);
        end += piece.len();
    }
    room.get(..end)
}

impl WriteTimeout {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>) -> Self {
        Self { stream, connection, until: None, timer: None }
    }

    fn write_pieces(&mut self, context: &mut Context<'_>, pieces: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let mut room = [0; SMALL];
        match joined(pieces, &mut room) {
            Some(bytes) => Pin::new(&mut self.stream).poll_write(context, bytes),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, pieces),
        }
    }

    fn judge(&mut self, written: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.until = self.until.map(|until| extended(until, Instant::now(), bytes));
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let until = *self.until.get_or_insert_with(|| Instant::now() + STALL);
                self.connection.stalled(true);
                let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
                if timer.deadline() != until {
                    timer.as_mut().reset(until);
                }
                ready!(timer.as_mut().poll(context));
                // Without this, the system would keep the unread answer for minutes.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncRead for WriteTimeout {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for WriteTimeout {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(written, context)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        // The system takes one piece with less work than several.
        let written = match bytes {
            [bytes] => Pin::new(&mut self.stream).poll_write(context, bytes),
            pieces => self.write_pieces(context, pieces),
        };
        self.judge(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when everything was handed to the system.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.until.take().is_some() {
            self.connection.stalled(false);
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_one_where_they_have_room() {
        let pieces = ["head", "", "body"].map(|piece| io::IoSlice::new(piece.as_bytes()));
        assert_eq!(joined(&pieces, &mut [0; 8]).unwrap(), b"headbody");
        assert_eq!(joined(&pieces, &mut [0; 20]).unwrap(), b"headbody");
        assert!(joined(&pieces, &mut [0; 7]).is_none());
    }

    #[test]
    fn who_reads_earns_time_and_who_reads_too_little_runs_out_of_it() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        // A client that reads fast always has the whole time.
        assert_eq!(extended(at(30), at(10), 10 * 1024 * 1024), at(40));
        // One that reads a little each time has less and less.
        let mut until = at(30);
        let mut now = 0;
        while until > at(now) {
            until = extended(until, at(now), 1024);
            now += 1;
            assert!(now < 60, "a kilobyte a second holds an answer forever");
        }
        // At the least speed it holds out.
        let mut until = at(30);
        for now in 0..10_000 {
            until = extended(until, at(now), 16 * 1024);
            assert!(until > at(now + 1));
        }
    }
}
