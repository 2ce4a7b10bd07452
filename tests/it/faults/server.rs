//! The server as a process, and a minimal HTTP client.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::place::Place;

/// A folder with a root key, and the database that the commands use.
pub struct Site {
    pub place: Place,
    pub database: String,
}

impl Site {
    pub fn new(place: Place, database: String) -> Self {
        std::fs::write(place.path("root-key"), "07".repeat(32)).unwrap();
        Self { place, database }
    }

    pub fn sqlite() -> Self {
        let place = Place::new("faults");
        let database = format!("sqlite://{}", place.path("test.db").display());
        Self::new(place, database)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scopewise"));
        command.args(arguments).current_dir(self.place.path("")).stdin(Stdio::null()).env_clear();
        command.env("SCOPEWISE_DATABASE", &self.database).env("SCOPEWISE_ROOT_KEY_FILE", self.place.path("root-key"));
        command
    }

    /// Creates the project `shop`, and a key with all scopes for keys. Returns its secret.
    pub fn set_up(&self) -> String {
        let made = self.command(&["project", "create", "--id", "shop", "--name", "Shop"]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let scopes = ["key", "create", "--project", "shop", "--name", "Writer", "--scope", "keys.write", "--scope", "keys.read"];
        let made = self.command(&scopes).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        serde_json::from_slice::<Value>(&made.stdout).unwrap()["secret"].as_str().unwrap().to_owned()
    }

    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Starts a server with more options.
    pub fn serve_with(&self, options: &[&str]) -> Server {
        let serve = [&["serve", "--listen", "127.0.0.1:0", "--log", "off"], options].concat();
        Server::spawn(self.command(&serve).stderr(Stdio::null()))
    }
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, behind) = line.split_once("http://")?;
            Some(behind.split(['/', ' ']).next().unwrap().to_owned())
        });
        // Later output still needs a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address: address.expect("the server prints its address"), child }
    }

    /// Like `kill -9`: the process cannot print or write anything.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the server with SIGTERM, as an operator does.
    pub fn stop(&mut self) {
        assert!(Command::new("kill").arg(self.pid().to_string()).status().unwrap().success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }

    /// Sends a signal, waits for the end, and returns the exit code.
    pub fn end(mut self, signal: &str) -> Option<i32> {
        assert!(Command::new("kill").args([signal, &self.pid().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The memory of the process, in bytes (proc(5), `VmRSS`).
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(Path::new("/proc").join(self.pid().to_string()).join("status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// The status and body of a GET on a new connection.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut wire = self.connect();
        wire.write(format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", self.address).as_bytes()).unwrap();
        let answer = wire.answer().unwrap();
        (answer.status, answer.body)
    }

    pub fn connect(&self) -> Wire {
        Wire::open(&self.address).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A persistent connection.
pub struct Wire {
    stream: BufReader<TcpStream>,
}

/// A response: the status, the head in lower case, the body.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Wire {
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_write_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// The local port.
    pub fn port(&self) -> u16 {
        self.stream.get_ref().local_addr().unwrap().port()
    }

    /// Sends raw bytes.
    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Sends a request with an API key of `shop`.
    pub fn ask(&mut self, method: &str, path: &str, secret: &str, body: &str) -> std::io::Result<Answer> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: shop\r\nx-appwrite-key: {secret}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.write(format!("{head}{body}").as_bytes())?;
        self.answer()
    }

    pub fn answer(&mut self) -> std::io::Result<Answer> {
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(broken());
            }
        }
        let head = head.to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|length| length.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, head, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
