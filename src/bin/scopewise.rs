//! The server and the command line; see [`scopewise::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    scopewise::cli::run(std::env::args_os())
}
