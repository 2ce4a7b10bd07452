//! The load: some connections of one thread, each of which asks again as soon as it is answered.

use std::{
    fmt, io,
    num::ParseIntError,
    str::FromStr,
    sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

use tokio::net::TcpStream;

use super::{
    dice::Dice,
    seed::{WRITER, WRITES, secret},
};

/// How many requests are under way at a time.
pub const CONNECTIONS: u64 = 32;
/// How many requests of each kind are prepared; with a million keys, as many keys are met.
const PREPARED: u64 = 250_000;

/// How many keys one request of [`Kind::Batch`] names.
pub const BATCH: u64 = 100;

/// How long the load is.
#[derive(Clone, Copy)]
pub enum Length {
    Seconds(u64),
    Requests(u64),
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(f, "{seconds}s"),
            Self::Requests(requests) => write!(f, "{requests}"),
        }
    }
}

impl FromStr for Length {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        match text.strip_suffix('s') {
            Some(seconds) => seconds.parse().map(Self::Seconds),
            None => text.parse().map(Self::Requests),
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bare,
    ForwardAuth,
    GetKey,
    Verify,
    /// As [`Kind::Verify`], of a bare handler.
    Json,
    /// [`BATCH`] keys in one request.
    Batch,
    /// Each request of these three is about another key, and is sent once.
    Create,
    Update,
    Delete,
    BetterAuth,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Bare,
        Self::ForwardAuth,
        Self::GetKey,
        Self::Verify,
        Self::Json,
        Self::Batch,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::BetterAuth,
    ];

    fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::ForwardAuth => "forward-auth",
            Self::GetKey => "getKey",
            Self::Verify => "verify",
            Self::Json => "json",
            Self::Batch => "batch",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::BetterAuth => "better-auth",
        }
    }

    /// The request about one of `keys` keys.
    pub fn request(self, number: u64, keys: u64) -> String {
        let key = secret(number);
        let head = match self {
            Self::Bare | Self::ForwardAuth => format!(
                "GET /v1/forward-auth/caddy/project=shop HTTP/1.1\r\nx-forwarded-method: GET\r\nx-forwarded-uri: /v1/users/{number}\r\nx-forwarded-for: 203.0.113.{}\r\nx-appwrite-key: {key}\r\n",
                number % 250
            ),
            Self::GetKey => {
                format!("GET /v1/project/keys/key{number} HTTP/1.1\r\nx-appwrite-project: shop\r\nx-appwrite-key: {key}\r\n")
            }
            Self::Verify | Self::Json | Self::Batch => {
                let named = match self {
                    Self::Batch => {
                        let batch: Vec<String> = (number..number + BATCH).map(|number| format!("\"{}\"", secret(number % keys))).collect();
                        format!("\"keys\":[{}]", batch.join(","))
                    }
                    _ => format!("\"key\":\"{key}\""),
                };
                let body = format!("{{{named},\"scopes\":[\"rows.read\"]}}");
                let length = body.len();
                return format!(
                    "POST /v1/keys/verify HTTP/1.1\r\nhost: 127.0.0.1\r\nx-appwrite-project: shop\r\nx-appwrite-key: {}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
                    secret(0)
                );
            }
            Self::Create | Self::Update | Self::Delete => {
                let (method, path, body) = match self {
                    Self::Create => {
                        ("POST", String::new(), format!("{{\"keyId\":\"w{number}\",\"name\":\"W\",\"scopes\":[\"users.read\"]}}"))
                    }
                    Self::Update => ("PUT", format!("/w{number}"), "{\"name\":\"V\",\"scopes\":[\"rows.read\"]}".to_owned()),
                    _ => ("DELETE", format!("/w{number}"), "{}".to_owned()),
                };
                let length = body.len();
                return format!(
                    "{method} /v1/project/keys{path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-appwrite-project: {WRITES}\r\nx-appwrite-key: {}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
                    secret(WRITER)
                );
            }
            Self::BetterAuth => format!("GET /verify HTTP/1.1\r\nx-key-number: {number}\r\n"),
        };
        format!("{head}host: 127.0.0.1\r\n\r\n")
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| format!("there is no load {text}"))
    }
}

/// What was measured.
#[derive(Clone, Copy, Default)]
pub struct Measured {
    /// Requests per second.
    pub rate: f64,
    /// Microseconds.
    pub p50: f64,
    pub p99: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} {:.0} {:.0}", self.rate, self.p50, self.p99)
    }
}

impl Measured {
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map_while(|number| number.parse().ok());
        Some(Self { rate: numbers.next()?, p50: numbers.next()?, p99: numbers.next()? })
    }

    pub fn better(self, other: Self) -> Self {
        if other.rate > self.rate { other } else { self }
    }

    pub fn print(&self, what: &str) {
        println!("{what:<34} {:>10.0} {:>10.0} {:>10.0}", self.rate, self.p50, self.p99);
    }
}

/// Loads a server, and prints what it reached.
///
/// With a `pace`, so many requests a second are sent, each connection in its turn, unless answers come more slowly.
pub fn run(address: &str, kind: Kind, keys: u64, length: Length, pace: Option<f64>) {
    let mut dice = Dice::new(7);
    let prepared = if kind == Kind::Batch { PREPARED / BATCH } else { PREPARED };
    let requests: Vec<String> =
        (0..keys.min(prepared)).map(|number| kind.request(if keys > prepared { dice.number() % keys } else { number }, keys)).collect();
    let requests: &'static [String] = Box::leak(requests.into_boxed_slice());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let begun = Instant::now();
    // In a load of some seconds, the first one warms up and is not counted.
    let (counted, seconds, left) = match length {
        Length::Seconds(seconds) => (begun + Duration::from_secs(1), seconds, i64::MAX),
        Length::Requests(requests) => (begun, u64::from(u32::MAX), i64::try_from(requests).unwrap()),
    };
    let pause = pace.map(|pace| Duration::from_secs_f64(CONNECTIONS as f64 / pace));
    let (end, next) = (counted + Duration::from_secs(seconds), kind.is_write().then(|| AtomicUsize::new(0)));
    let plan: &'static Plan = Box::leak(Box::new(Plan { requests, counted, end, pause, next, left: left.into() }));
    let mut latencies = runtime.block_on(async {
        let connections: Vec<_> = (0..CONNECTIONS).map(|n| tokio::spawn(connection(address.to_owned(), plan, n))).collect();
        let mut all = Vec::new();
        for connection in connections {
            all.extend(connection.await.unwrap().unwrap());
        }
        all
    });
    let took = counted.elapsed().min(Duration::from_secs(seconds));
    latencies.sort_unstable();
    let at = |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied().unwrap_or_default();
    let rate = latencies.len() as f64 / took.as_secs_f64();
    println!("{}", Measured { rate, p50: f64::from(at(0.5)), p99: f64::from(at(0.99)) });
}

/// What all connections of a load share.
struct Plan {
    requests: &'static [String],
    /// From then on, requests count.
    counted: Instant,
    end: Instant,
    /// From one request of a connection to the next, where the load has a pace.
    pause: Option<Duration>,
    /// Where requests are sent in their order: the next one.
    next: Option<AtomicUsize>,
    /// How many requests are left to send.
    left: AtomicI64,
}

async fn connection(address: String, plan: &Plan, number: u64) -> io::Result<Vec<u32>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut dice, mut latencies, mut answer) = (Dice::new(number + 1), Vec::new(), Vec::with_capacity(4096));
    let mut due = tokio::time::Instant::now();
    loop {
        if let Some(pause) = plan.pause {
            tokio::time::sleep_until(due).await;
            due = (due + pause).max(tokio::time::Instant::now());
        }
        let at = plan.next.as_ref().map_or_else(|| dice.below(plan.requests.len()), |next| next.fetch_add(1, Relaxed));
        let Some(request) = plan.requests.get(at) else { return Ok(latencies) };
        let begun = Instant::now();
        if begun >= plan.end || plan.left.fetch_sub(1, Relaxed) <= 0 {
            return Ok(latencies);
        }
        write(&stream, request.as_bytes()).await?;
        read(&stream, &mut answer).await?;
        assert!(answer.starts_with(b"HTTP/1.1 20"), "refused: {}", String::from_utf8_lossy(&answer));
        if begun >= plan.counted {
            latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// One answer: its head, and as much body as the head says.
async fn read(stream: &TcpStream, answer: &mut Vec<u8>) -> io::Result<()> {
    answer.clear();
    loop {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        if end.is_some_and(|end| answer.len() >= end + 4 + length(answer.get(..end).unwrap_or_default())) {
            return Ok(());
        }
        match stream.try_read_buf(answer) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.readable().await?,
            Err(error) => return Err(error),
        }
    }
}

/// The length of the body, as the head says. Light, since the load takes its share of the machine.
fn length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length:";
    let mut lines = head.split(|byte| *byte == b'\n');
    let value = lines.find_map(|line| line.get(..NAME.len())?.eq_ignore_ascii_case(NAME).then(|| line.get(NAME.len()..))?);
    value.and_then(|value| std::str::from_utf8(value).ok()?.trim().parse().ok()).unwrap_or(0)
}
