//! How many instructions of the processor one request takes outside of the system's kernel, as callgrind counts them. Other work on the
//! machine does not change them, so they compare two versions of the server where times cannot.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    load::{Kind, Length},
    seed,
    server::{Server, scopewise_program, serve, this_program},
    table::{Table, Wanted},
};

/// Requests before the count begins: connections are open, each key was asked about, and what is made once is made.
const WARM_UP: u64 = 10_000;
/// Requests that are counted.
const COUNTED: u64 = 2_000;
const KEYS: u64 = 1_000;

pub fn measure(table: &mut Table, folder: &Path) {
    let is_there = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !is_there {
        println!("instructions: not counted, since valgrind is not installed (apt-get install valgrind)");
        return;
    }
    let count = Count { folder: folder.to_owned(), database: format!("sqlite://{}", seed::database(folder, KEYS).display()) };
    let bare = count.of(None, Kind::Bare);
    let forward_auth = count.of(Some(()), Kind::ForwardAuth);
    let get_key = count.of(Some(()), Kind::GetKey);
    let json = count.of(None, Kind::Json);
    let verify = count.of(Some(()), Kind::Verify);
    let batch = count.of(Some(()), Kind::Batch);
    table.add("instructions: bare handler", bare, Wanted::Nothing);
    table.add("instructions: forward-auth", forward_auth, Wanted::Nothing);
    table.add("instructions: getKey", get_key, Wanted::Nothing);
    table.add("instructions: bare handler of JSON", json, Wanted::Nothing);
    table.add("instructions: verify", verify, Wanted::Nothing);
    table.add("instructions: verify, each of 100 keys in one request", batch / 100.0, Wanted::Nothing);
    table.add("instructions: forward-auth / bare handler", forward_auth / bare, Wanted::AtMost(1.6));
    table.add("instructions: verify / bare handler of JSON", verify / json, Wanted::Nothing);
    table.add("instructions: verify / each of 100 keys", verify * 100.0 / batch, Wanted::AtLeast(10.0));
}

struct Count {
    folder: PathBuf,
    database: String,
}

impl Count {
    /// Instructions of one request, to the server or to the bare handler. One worker thread: two would take turns anyway.
    fn of(&self, server: Option<()>, kind: Kind) -> f64 {
        let file = self.folder.join(format!("callgrind.{}", kind.as_str()));
        let mut command = Command::new("valgrind");
        command.args(["--quiet", "--tool=callgrind", "--instr-atstart=no"]).arg(format!("--callgrind-out-file={}", file.display()));
        command.env("TOKIO_WORKER_THREADS", "1");
        let server = match server {
            Some(()) => serve(command.arg(scopewise_program()), &self.database),
            None => Server::start(command.arg(this_program()).arg("bare")).expect("the bare handler starts"),
        };
        server.read_ahead();
        server.load(kind, KEYS, Length::Requests(WARM_UP));
        control(&server, "--instr=on");
        server.load(kind, KEYS, Length::Requests(COUNTED));
        control(&server, "--instr=off");
        // It writes its counts when it ends.
        server.stop();
        total(&file) / COUNTED as f64
    }
}

fn total(file: &Path) -> f64 {
    let written = fs::read_to_string(file).unwrap_or_default();
    let total = written.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse::<f64>().ok());
    total.expect("callgrind has written its counts")
}

fn control(server: &Server, what: &str) {
    let done =
        Command::new("callgrind_control").args([what, &server.id().to_string()]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(done.is_ok_and(|status| status.success()), "callgrind_control comes with valgrind");
}
