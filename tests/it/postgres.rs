//! PostgreSQL for tests: the server that SCOPEWISE_TEST_POSTGRES_URL names, or a temporary cluster that the tests start themselves
//! from the installed programs, as another user than root, and that ends with them however they end.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
};

use tokio_postgres::NoTls;

use crate::{patience::PATIENCE, place::Place, port::Port};

/// Names the server to test on. Whoever it names must be allowed to create databases.
const URL: &str = "SCOPEWISE_TEST_POSTGRES_URL";
/// Set to 1, tests that need PostgreSQL are passed over where there is none. Never with `CI`.
const WITHOUT: &str = "SCOPEWISE_TEST_WITHOUT_POSTGRES";

/// A database of its own, dropped with the value.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// An empty database on the server that all tests share. `None` where there is none, and that is all right.
    pub async fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = shared()?.to_owned();
        let name = format!("scopewise_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        execute(&server, &format!("CREATE DATABASE {name}")).await.expect("the test server lets a database be created");
        Some(Self { server, name })
    }

    pub fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, drop) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        // A runtime of its own: the one of the test is about to end.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(&server, &drop))
        });
        let _ = dropped.join();
    }
}

/// The URL of the same server with another database.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, String::new()), |(base, query)| (base, format!("?{query}")));
    let authority_ends = base.find("://").map_or(0, |at| at + 3);
    let base = base[authority_ends..].find('/').map_or(base, |slash| &base[..authority_ends + slash]);
    format!("{base}/{name}{query}")
}

/// Runs one statement on a server, on a connection of its own.
pub async fn execute(url: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let task = tokio::spawn(connection);
    let done = client.batch_execute(sql).await;
    drop(client);
    let _ = task.await;
    done
}

/// The first column of each row, as text.
pub async fn texts(url: &str, sql: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let task = tokio::spawn(connection);
    let answered = client.simple_query(sql).await;
    drop(client);
    let _ = task.await;
    let text = |message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    Ok(answered?.into_iter().filter_map(text).collect())
}

/// The server that all tests share.
fn shared() -> Option<&'static str> {
    static SHARED: OnceLock<Option<(String, Option<Cluster>)>> = OnceLock::new();
    let found = SHARED.get_or_init(|| {
        if let Ok(url) = env::var(URL) {
            return Some((url, None));
        }
        // Nobody drops what is shared: its keeper removes the folder.
        let cluster = Cluster::make(true, &[])?;
        Some((cluster.url(), Some(cluster)))
    });
    found.as_ref().map(|(url, _)| url.as_str())
}

/// The folder of PostgreSQL's programs, the newest where there are several.
fn programs() -> Option<PathBuf> {
    let on_path = env::var_os("PATH").into_iter().flat_map(|path| env::split_paths(&path).collect::<Vec<_>>());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut versions: Vec<_> = versions.collect();
    versions.sort_by_key(|folder| {
        std::cmp::Reverse(folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()))
    });
    // Where both are, those of the version's own folder find their libraries for sure.
    versions.into_iter().chain(on_path).find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// Whom the server runs as: root may not.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl User {
    fn other_than_root() -> Option<Self> {
        let number = |arguments: &[&str]| {
            let output = Command::new("id").args(arguments).output().ok().filter(|output| output.status.success())?;
            String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
        };
        if number(&["-u"])? != 0 {
            return None;
        }
        ["postgres", "nobody"].iter().find_map(|name| Some(Self { id: number(&["-u", name])?, group: number(&["-g", name])? }))
    }
}

/// A temporary cluster, which listens on 127.0.0.1 only.
pub struct Cluster {
    place: Place,
    programs: PathBuf,
    user: Option<User>,
    port: Port,
    /// Whether the keeper removes the folder.
    remove: bool,
    /// A shell that holds the server. When the test process ends, the shell's input does, and it stops the server.
    keeper: Option<Child>,
}

/// Runs the server until the input ends, then stops it at once, as a loss of power would: nothing but the log brings it back.
const KEEPER: &str = r#""$@" & server=$!; read -r _; kill -QUIT $server 2>/dev/null; wait $server; [ -z "$REMOVE" ] || rm -rf "$REMOVE""#;

impl Cluster {
    /// Makes and starts a cluster. `None` where PostgreSQL is not installed, and that is all right.
    pub fn start() -> Option<Self> {
        Self::make(false, &[])
    }

    /// As [`Cluster::start`], with these files in the cluster's folder: name and text. `postgresql.auto.conf` holds settings.
    pub fn start_with(files: &[(&str, String)]) -> Option<Self> {
        Self::make(false, files)
    }

    fn make(remove: bool, files: &[(&str, String)]) -> Option<Self> {
        let Some(programs) = programs() else {
            let excused = env::var(WITHOUT).is_ok_and(|value| value == "1") && env::var_os("CI").is_none();
            assert!(
                excused,
                "this test needs PostgreSQL and did not run: install it (Debian: apt-get install postgresql), or name a server in {URL}, \
                 or set {WITHOUT}=1 to do without (not where CI is set)"
            );
            crate::place::note(&format!("did not run: PostgreSQL is not installed, and {WITHOUT}=1"));
            return None;
        };
        let mut cluster = Self::nothing(programs, remove);
        let user = cluster.user;
        let mut init = cluster.command("initdb");
        init.args(["--auth=trust", "--username=scopewise", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(cluster.place.path("data"));
        let made = init.output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        for (name, text) in files {
            let path = cluster.place.path("data").join(name);
            fs::write(&path, text).unwrap();
            // PostgreSQL refuses a key that others may read.
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&path, user.map(|user| user.id), user.map(|user| user.group)).unwrap();
        }
        cluster.run();
        Some(cluster)
    }

    /// A place and a port for a cluster.
    fn nothing(programs: PathBuf, remove: bool) -> Self {
        let place = Place::new("postgres");
        let user = User::other_than_root();
        if let Some(user) = user {
            chown(place.path(""), Some(user.id), Some(user.group)).unwrap();
        }
        fs::set_permissions(place.path(""), fs::Permissions::from_mode(0o700)).unwrap();
        Self { place, programs, user, port: Port::reserve(), remove, keeper: None }
    }

    /// A running standby of this cluster, which applies what it receives so many seconds late.
    pub fn standby(&self, delay_seconds: u32) -> Self {
        let mut standby = Self::nothing(self.programs.clone(), false);
        let mut copy = standby.command("pg_basebackup");
        copy.args([
            "-R",
            "--checkpoint=fast",
            "--no-sync",
            "-h",
            "127.0.0.1",
            "-U",
            "scopewise",
            "-p",
            &self.port.number().to_string(),
            "-D",
        ]);
        let made = copy.arg(standby.place.path("data")).output().unwrap();
        assert!(made.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&made.stderr));
        let settings = standby.place.path("data").join("postgresql.auto.conf");
        let text = fs::read_to_string(&settings).unwrap();
        // Looks for the primary again soon after it was away.
        let own = format!("recovery_min_apply_delay = '{delay_seconds}s'\nwal_retrieve_retry_interval = '100ms'\n");
        fs::write(&settings, text + &own).unwrap();
        standby.run();
        standby
    }

    /// Stops the server and starts it as a standby.
    pub fn demote(&mut self) {
        self.stop();
        let signal = self.place.path("data").join("standby.signal");
        fs::write(&signal, "").unwrap();
        chown(&signal, self.user.map(|user| user.id), self.user.map(|user| user.group)).unwrap();
        self.run();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        self.as_user(&mut command);
        command
    }

    fn as_user(&self, command: &mut Command) {
        command.current_dir(self.place.path("")).env("LC_ALL", "C");
        if let Some(user) = self.user {
            command.uid(user.id).gid(user.group);
        }
    }

    /// Starts the server, and waits until it answers.
    pub fn run(&mut self) {
        let mut keeper = Command::new("sh");
        self.as_user(&mut keeper);
        keeper.args(["-c", KEEPER, "keeper"]).arg(self.programs.join("postgres"));
        keeper.arg("-D").arg(self.place.path("data")).arg("-k").arg(self.place.path("")).args([
            "-h",
            "127.0.0.1",
            "-p",
            &self.port.number().to_string(),
        ]);
        if self.remove {
            keeper.env("REMOVE", self.place.path(""));
        }
        // The operating system keeps what was written when a process is killed; a real loss of power is not tested.
        keeper.args(["-c", "fsync=off", "-c", "max_connections=300"]);
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(keeper.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut log = fs::File::create(self.place.path("log")).unwrap();
        let (ready, is_ready) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines {
                if line.contains("ready to accept") {
                    let _ = ready.send(());
                }
                let _ = writeln!(log, "{line}");
            }
        });
        self.keeper = Some(keeper);
        // The channel closes where the server ends instead.
        let started = is_ready.recv_timeout(PATIENCE);
        assert!(started.is_ok(), "PostgreSQL does not start: {}", fs::read_to_string(self.place.path("log")).unwrap_or_default());
    }

    /// Stops the server as a crash would.
    pub fn stop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }

    pub fn url(&self) -> String {
        self.url_of("scopewise@127.0.0.1", "postgres")
    }

    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Another user or password, another name of the host, another database.
    pub fn url_of(&self, user_and_host: &str, rest: &str) -> String {
        format!("postgres://{user_and_host}:{}/{rest}", self.port.number())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}
