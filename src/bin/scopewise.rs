//! The server and the command line; see [`scopewise::cli`].

use std::process::ExitCode;

/// A request makes some fifty allocations, and that of the system takes a sixth of the server's instructions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    scopewise::cli::run(std::env::args_os())
}
