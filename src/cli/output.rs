//! Writes the output of commands: aligned, wrapped and in colour on a terminal; plain, with one finding per line, elsewhere.

use std::{
    env,
    fmt::Display,
    io::{self, IsTerminal, Write},
};

use clap::ValueEnum;

pub(super) use crate::scope::counted;

/// The widest line on a terminal, in characters.
const WIDTH: usize = 100;

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Readable text
    #[default]
    Text,
    /// JSON
    Json,
}

/// A colour with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Error,
    Warning,
    Hint,
    Good,
    Strong,
    Dim,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Hint => "1;36",
            Self::Good => "1;32",
            Self::Strong => "1",
            Self::Dim => "2",
        }
    }
}

/// Where and how a command writes.
pub(super) struct Output {
    sink: Box<dyn Write>,
    colour: bool,
    width: Option<usize>,
}

impl Output {
    /// Standard output: colour and wrapping only on a terminal, and no colour if `NO_COLOR` is set (no-color.org).
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        Self::on(Box::new(io::BufWriter::new(stdout)), terminal)
    }

    /// Standard error, in the same way.
    pub fn stderr() -> Self {
        let stderr = io::stderr();
        let terminal = stderr.is_terminal();
        Self::on(Box::new(io::BufWriter::new(stderr)), terminal)
    }

    /// A file, without colour and wrapping.
    pub fn file(file: std::fs::File) -> Self {
        Self { sink: Box::new(io::BufWriter::new(file)), colour: false, width: None }
    }

    fn on(sink: Box<dyn Write>, terminal: bool) -> Self {
        Self { sink, colour: terminal && wants_colour(), width: terminal.then_some(WIDTH) }
    }

    #[cfg(test)]
    pub fn new(sink: Box<dyn Write>, colour: bool, width: Option<usize>) -> Self {
        Self { sink, colour, width }
    }

    /// The text in a colour, if colours are enabled.
    pub fn paint(&self, paint: Paint, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", paint.code()) } else { text.to_owned() }
    }

    /// Writes a line.
    pub fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.sink, "{text}")
    }

    /// Writes bytes unchanged.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sink.write_all(bytes)
    }

    /// Writes `head`, then `text` next to it; on a terminal, long text is wrapped at column `indent`.
    pub fn item(&mut self, head: &str, indent: usize, text: &str) -> io::Result<()> {
        let room = self.width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(30));
        let mut lines = wrap(text, room).into_iter();
        writeln!(self.sink, "{head}{}", lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(self.sink, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// Writes a value as JSON.
    pub fn json(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.sink, value)?;
        writeln!(self.sink)
    }

    /// Flushes the output.
    pub fn finish(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Prints to standard error, in one line, why the command failed.
pub(super) fn tell_error(error: &dyn Display) {
    let mut stderr = io::stderr();
    let word = if stderr.is_terminal() && wants_colour() { "\x1b[1;31merror:\x1b[0m" } else { "error:" };
    // If this fails, there is nothing left to do.
    let _ = writeln!(stderr, "{word} {error}");
}

fn wants_colour() -> bool {
    env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Wraps a text between words, so that lines have at most `room` characters if the words allow it.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Captures the output. For tests.
#[cfg(test)]
#[derive(Clone, Default)]
pub(super) struct Captured(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(test)]
impl Captured {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[cfg(test)]
impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 3), ["unbreakable"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("one two", usize::MAX), ["one two"]);
    }
}
