//! The built program in a folder of its own, as a person or a pipeline runs it.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::{faults::server::Server, place::Place};

/// The program, working in a folder that is removed when the test ends, on the database `test.db` in it.
pub struct Program(Place);

impl Program {
    pub fn new() -> Self {
        Self(Place::new("program"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    pub fn file(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scopewise"));
        command.args(arguments).current_dir(self.path("")).stdin(Stdio::null()).env_clear();
        command.env("SCOPEWISE_DATABASE", format!("sqlite://{}", self.path("test.db").display()));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that reads this.
    pub fn run_reading(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // Beside the reading of the output, so that neither waits for the other. A program that does not read is no fault.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }

    /// Runs a command, checks its exit code, and returns its output.
    pub fn exits(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that succeeds, and returns what it printed.
    pub fn printed(&self, arguments: &[&str]) -> String {
        self.exits(0, arguments)
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.printed(arguments)).unwrap()
    }

    /// Runs a command that fails in one line, and returns that line.
    pub fn refused(&self, arguments: &[&str]) -> String {
        one_line(&self.run(arguments))
    }

    /// Runs a command that is used wrongly, and returns what it printed as the error.
    pub fn wrong(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {}", stderr(&output));
        stderr(&output)
    }

    pub fn serve(&self) -> Server {
        Server::spawn(self.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::null()))
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The error line of a command that failed with one line.
pub fn one_line(output: &Output) -> String {
    let printed = stderr(output);
    assert_eq!((output.status.code(), printed.lines().count(), output.stdout.len()), (Some(1), 1, 0), "{printed}");
    assert!(printed.starts_with("error: "), "{printed}");
    printed
}
