//! A server in a process of its own, which ends with the run.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    load::{Kind, Length, Measured},
    postgres,
};

/// A server that ends with the run.
pub struct Server {
    child: Child,
    pub address: String,
    started: Instant,
    pub started_in: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a program that prints its address, `http://…`, when it listens.
    pub fn start(command: &mut Command) -> Option<Self> {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().ok()?;
        let mut lines = BufReader::new(child.stdout.take()?).lines();
        let address = lines.find_map(|line| Some(line.ok()?.split_once("http://")?.1.split(['/', ' ']).next()?.to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, address: address?, started: begun, started_in: begun.elapsed() })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the server in its own way, and waits until it has ended.
    pub fn stop(mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        let _ = self.child.wait();
    }

    /// Loads the server from a process of its own.
    pub fn load(&self, kind: Kind, keys: u64, length: Length) -> Measured {
        self.load_at(kind, keys, length, None)
    }

    /// The same, with so many requests a second.
    pub fn load_at(&self, kind: Kind, keys: u64, length: Length, pace: Option<f64>) -> Measured {
        let output = Command::new(this_program())
            .args(["load", &self.address, kind.as_str(), &keys.to_string(), &length.to_string()])
            .args(pace.map(|pace| pace.to_string()))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        Measured::parse(&String::from_utf8_lossy(&output.stdout)).expect("the load ran")
    }

    /// Waits until the server has read ahead, which is when its memory grows no more. Seconds and megabytes.
    pub fn read_ahead(&self) -> (f64, f64) {
        let (mut last, mut calm) = (0.0, 0);
        while calm < 4 {
            std::thread::sleep(Duration::from_millis(500));
            let now = self.megabytes();
            calm = if now - last < 1.0 { calm + 1 } else { 0 };
            last = now;
        }
        (self.started.elapsed().as_secs_f64() - 2.0, last)
    }

    /// The memory that it holds, in megabytes.
    pub fn megabytes(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) / 1024.0
    }

    /// How long its threads have had a processor, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(self.id())
    }
}

/// How long the threads of a process have had a processor, in seconds.
pub fn cpu_seconds(process: u32) -> f64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let nanoseconds =
        tasks.filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok()?.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.sum::<f64>() / 1e9
}

/// This program, which is also the bare handler and the load.
pub fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

/// The release server.
pub fn scopewise_program() -> PathBuf {
    let program = this_program().ancestors().nth(2).unwrap().join("scopewise");
    assert!(program.exists(), "the release server is built: cargo build --release");
    program
}

/// How the server is started everywhere in this benchmark.
pub fn serve(command: &mut Command, database: &str) -> Server {
    if let Some(root_key) = postgres::root_key().filter(|_| database.starts_with("postgres")) {
        command.env("SCOPEWISE_ROOT_KEY_FILE", root_key);
    }
    command.args(["serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--log", "warn", "--database", database]);
    Server::start(command).expect("the server starts")
}

pub fn scopewise(database: &str) -> Server {
    serve(&mut Command::new(scopewise_program()), database)
}

/// The same with one thread for requests.
pub fn scopewise_alone(database: &str) -> Server {
    serve(Command::new(scopewise_program()).env("SCOPEWISE_THREADS", "1"), database)
}

pub fn bare() -> Server {
    Server::start(Command::new(this_program()).arg("bare")).unwrap()
}

/// The same with one thread.
pub fn bare_alone() -> Server {
    Server::start(Command::new(this_program()).args(["bare", "1"])).unwrap()
}
