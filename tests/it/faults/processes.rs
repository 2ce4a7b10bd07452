//! Three servers, each a process, on one PostgreSQL: once a change is answered, none of the three accepts the old state. Meanwhile the
//! database crashes and starts again, then fails over to its standby, and other sessions commit in another order than they began, or roll
//! back.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    thread,
};

use scopewise::{
    key::{BrowserUse, Policy},
    scope::DateTime,
    server::{
        SecretHash,
        store::{self, NewKey, NewProject},
    },
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use super::server::{Answer, Server, Site, Wire};
use crate::{
    patience::{PATIENCE, Patience},
    place::Place,
    postgres::{Cluster, execute},
    store::handle::Handle,
};

/// How many changes are judged; SCOPEWISE_TEST_TRIALS sets another number, such as 10000.
const TRIALS: usize = 1500;
const SERVERS: usize = 3;
/// Who changes keys, each in a project of its own. The last one changes them in the database.
const WORKERS: usize = 9;
/// How often the database crashes. The last time, its standby takes over.
const CRASHES: usize = 3;

/// What the threads tell each other.
struct Run {
    trials: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    judged: usize,
    is_down: bool,
    has_failed: bool,
}

impl Run {
    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let done = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
        done
    }

    /// Waits until this is true, or a thread has failed. It may take as long as it takes, while something happens.
    fn wait(&self, is_so: impl Fn(&State) -> bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.has_failed && !is_so(&state) {
            let (next, waited) = self.changed.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = next;
            assert!(!waited.timed_out() || is_so(&state), "nothing happens any more");
        }
    }

    fn is_over(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.has_failed || state.judged >= self.trials
    }
}

/// Ends the other threads where this one panics.
struct Alarm<'a>(&'a Run);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state(|state| state.has_failed = true);
        }
    }
}

/// One thread, with a connection to each server.
struct Worker<'a> {
    run: &'a Run,
    servers: &'a [Server],
    wires: Vec<Option<Wire>>,
    number: usize,
    /// Counts requests, so that each server is asked in turn.
    turn: usize,
}

impl<'a> Worker<'a> {
    fn new(run: &'a Run, servers: &'a [Server], number: usize) -> Self {
        Self { run, servers, wires: servers.iter().map(|_| None).collect(), number, turn: number }
    }

    fn send(&mut self, server: usize, request: &str) -> Option<()> {
        let address = &self.servers[server].address;
        // A server closes a connection that waits for long.
        let wire = &mut self.wires[server];
        if wire.is_none() {
            *wire = Wire::open(address).ok();
        }
        if wire.as_mut()?.write(request.as_bytes()).is_err() {
            *wire = None;
        }
        wire.as_ref().map(|_| ())
    }

    fn read(&mut self, server: usize) -> Option<Answer> {
        let answer = self.wires[server].as_mut()?.answer().ok();
        if answer.is_none() {
            self.wires[server] = None;
        }
        // While the database is away, nobody knows.
        let answer = answer.filter(|answer| answer.status != 503);
        if answer.is_none() {
            self.run.wait(|state| !state.is_down);
        }
        answer
    }

    /// Makes a change through one of the servers. `None` where it is not known whether it was made.
    fn change(&mut self, method: &str, path: &str, body: &Value) -> Option<Value> {
        self.turn += 1;
        let (server, body, number) = (self.turn % SERVERS, body.to_string(), self.number);
        let request = format!(
            "{method} /v1/project/keys{path} HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: p{number}\r\nx-appwrite-key: standard_owner{number}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send(server, &request)?;
        let answer = self.read(server)?;
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.body);
        Some(serde_json::from_str(&answer.body).unwrap_or_default())
    }

    /// Asks all servers at the same time until each has decided, and asserts that they agree.
    fn all(&mut self, secret: &str, accept: bool, headers: &str, what: &str) {
        // Each request comes from another address, because unknown keys are counted by address.
        static ADDRESS: AtomicU32 = AtomicU32::new(0x0a00_0000);
        let (patience, number) = (Patience::new(), self.number);
        let mut decided = [false; SERVERS];
        while decided.contains(&false) {
            patience.or_fail("the servers do not answer");
            for server in 0..SERVERS {
                let address = std::net::Ipv4Addr::from(ADDRESS.fetch_add(1, Relaxed));
                let request = format!(
                    "GET /v1/forward-auth/caddy/project=p{number} HTTP/1.1\r\nhost: localhost\r\nx-forwarded-method: GET\r\nx-forwarded-uri: /v1/users\r\n\
                     x-forwarded-for: {address}\r\nx-appwrite-key: {secret}\r\n{headers}\r\n"
                );
                self.send(server, &request);
            }
            for (server, decided) in decided.iter_mut().enumerate() {
                let Some(answer) = self.read(server) else { continue };
                assert!([204, 401, 403].contains(&answer.status), "{}", answer.status);
                assert_eq!(answer.status == 204, accept, "{what}: server {server} says {} {}", answer.status, answer.body);
                *decided = true;
            }
        }
    }

    /// A change that takes something away. No server accepts what was before.
    fn refused(&mut self, secret: &str, headers: &str, what: &str) {
        self.all(secret, false, headers, what);
        self.run.state(|state| state.judged += 1);
    }

    fn accepted(&mut self, secret: &str) {
        self.all(secret, true, "", "a key that may");
    }

    fn create(&mut self, id: &str) -> Option<String> {
        let made = self.change("POST", "", &json!({ "keyId": id, "name": "N", "scopes": ["users.read"] }))?;
        let secret = made["secret"].as_str().unwrap().to_owned();
        self.accepted(&secret);
        Some(secret)
    }

    /// Every change of one key. `None` where the database went away in the middle.
    fn life(&mut self, id: &str, policy: &dyn Fn(BrowserUse) -> Option<()>) -> Option<()> {
        const BROWSER: &str = "sec-fetch-site: same-origin\r\n";
        let (path, secret) = (format!("/{id}"), self.create(id)?);
        let update = |scope: &str, expire: Option<&str>| json!({ "name": "N", "scopes": [scope], "expire": expire });

        self.change("PUT", &path, &update("rows.read", None))?;
        self.refused(&secret, "", "narrowed");
        self.change("PUT", &path, &update("users.read", Some("2026-01-01T00:00:00.000+00:00")))?;
        self.refused(&secret, "", "expired");
        self.change("PUT", &path, &update("users.read", None))?;
        self.accepted(&secret);

        self.change("PATCH", &format!("{path}/status"), &json!({ "enabled": false }))?;
        self.refused(&secret, "", "disabled");
        self.change("PATCH", &format!("{path}/status"), &json!({ "enabled": true }))?;
        self.accepted(&secret);

        policy(BrowserUse::Allow)?;
        self.all(&secret, true, BROWSER, "a key that browsers may use");
        policy(BrowserUse::Reject)?;
        self.refused(&secret, BROWSER, "the policy");

        let rotated = self.change("POST", &format!("{path}/rotate"), &json!({ "overlapSeconds": 0 }))?;
        self.refused(&secret, "", "rotated");
        let secret = rotated["secret"].as_str().unwrap();
        self.accepted(secret);

        self.change("DELETE", &path, &json!({}))?;
        self.refused(secret, "", "deleted");
        Some(())
    }

    /// Two keys, whose secrets two sessions end; the second one commits first, and the first one rolls back every other time.
    fn pair(&mut self, round: usize, runtime: &Runtime, sessions: &[Client; 2]) -> Option<()> {
        let ids = [format!("a{round}"), format!("b{round}")];
        let (first, second) = (self.create(&ids[0])?, self.create(&ids[1])?);
        let sql = |session: usize, sql: &str| runtime.block_on(sessions[session].batch_execute(sql)).ok();
        for (session, id) in ids.iter().enumerate() {
            // Not the row of the key itself, which a server locks to note a use.
            let key = format!("SELECT sequence FROM keys WHERE project_id = 'p{}' AND id = '{id}'", self.number);
            sql(session, &format!("BEGIN; UPDATE key_secrets SET valid_until = 0 WHERE key_sequence = ({key})"))?;
        }
        self.accepted(&first);
        self.accepted(&second);
        sql(1, "COMMIT")?;
        self.refused(&second, "", "ended by the transaction that began last");
        self.accepted(&first);
        let commits = round.is_multiple_of(2);
        sql(0, if commits { "COMMIT" } else { "ROLLBACK" })?;
        if commits {
            self.refused(&first, "", "ended by the transaction that began first");
        } else {
            self.accepted(&first);
        }
        for id in ids {
            self.change("DELETE", &format!("/{id}"), &json!({}))?;
        }
        Some(())
    }
}

/// A project for each worker, with a key that manages keys.
async fn set_up(url: &str) -> Handle {
    let store = Handle(store::open(&url.parse().unwrap()).await.unwrap());
    let created_at: DateTime = "2026-08-21T12:00:00Z".parse().unwrap();
    for number in 0..WORKERS {
        let id = format!("p{number}");
        store.create_project(NewProject { id: id.parse().unwrap(), name: "P".parse().unwrap(), created_at }).await.unwrap();
        let owner = NewKey {
            project_id: id,
            id: "owner".parse().unwrap(),
            name: "Owner".parse().unwrap(),
            description: String::new(),
            scopes: vec!["keys.read".parse().unwrap(), "keys.write".parse().unwrap()],
            secret: SecretHash::of(&format!("standard_owner{number}")),
            hint: String::new(),
            expire: None,
            created_at,
        };
        store.create_key(owner).await.unwrap();
    }
    store
}

/// Two sessions; `None` while the database is away.
async fn sessions(url: &str) -> Option<[Client; 2]> {
    let session = async || {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.ok()?;
        tokio::spawn(connection);
        Some(client)
    };
    Some([session().await?, session().await?])
}

/// A standby that has every commit before it is answered.
fn synchronous_standby(primary: &Cluster, runtime: &Runtime) -> Cluster {
    let standby = primary.standby(0);
    // Set after the copy: the standby, once it is the primary, waits for no other.
    let wait_for_it = "ALTER SYSTEM SET synchronous_standby_names = '*'";
    let is_set = "DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync') = 1; END $$";
    runtime.block_on(async {
        for sql in [wait_for_it, "SELECT pg_reload_conf()"] {
            execute(&primary.url(), sql).await.unwrap();
        }
        let patience = Patience::new();
        while execute(&primary.url(), is_set).await.is_err() {
            patience.or_fail("the standby does not follow");
        }
    });
    standby
}

#[test]
fn a_change_that_is_answered_holds_on_three_processes_also_while_the_database_crashes_and_fails_over() {
    let Some(mut cluster) = Cluster::start() else { return };
    let runtime = Runtime::new().unwrap();
    let standby = synchronous_standby(&cluster, &runtime);
    let (first, second) = (cluster.port(), standby.port());
    let url = format!("postgres://scopewise@127.0.0.1:{first},127.0.0.1:{second}/postgres?target_session_attrs=read-write");
    let store = runtime.block_on(set_up(&url));
    let site = Site::new(Place::new("processes"), url.clone());
    let servers: Vec<Server> = (0..SERVERS).map(|_| site.serve_with(&["--trusted-proxy", "127.0.0.1"])).collect();
    let trials = std::env::var("SCOPEWISE_TEST_TRIALS").map_or(TRIALS, |trials| trials.parse().unwrap());
    let run = Run { trials, state: Mutex::default(), changed: Condvar::new() };
    let (run, servers, store, url, runtime) = (&run, &servers[..], &store, url.as_str(), &runtime);
    thread::scope(|scope| {
        for number in 0..WORKERS - 1 {
            scope.spawn(move || {
                let (_alarm, mut worker, id) = (Alarm(run), Worker::new(run, servers, number), format!("p{number}"));
                let policy = |browser_use| {
                    let policy = Policy { browser_use, ..Policy::default() };
                    runtime.block_on(store.set_policy(&id, policy, "2026-08-21T12:00:00Z".parse().unwrap())).ok().flatten().map(drop)
                };
                for round in 0.. {
                    if run.is_over() {
                        return;
                    }
                    // A key whose life was cut short is left, and another one is made.
                    let _ = worker.life(&format!("key{round}"), &policy);
                }
            });
        }
        scope.spawn(move || {
            let (_alarm, mut worker) = (Alarm(run), Worker::new(run, servers, WORKERS - 1));
            let mut open = None;
            for round in 0.. {
                if run.is_over() {
                    return;
                }
                run.wait(|state| !state.is_down);
                let Some(both) = open.take().or_else(|| runtime.block_on(sessions(url))) else { continue };
                if worker.pair(round, runtime, &both).is_some() {
                    open = Some(both);
                }
            }
        });
        let _alarm = Alarm(run);
        for crash in 1..=CRASHES {
            run.wait(|state| state.judged >= trials * crash / (CRASHES + 1));
            run.state(|state| state.is_down = true);
            cluster.stop();
            if crash < CRASHES {
                cluster.run();
            } else {
                runtime.block_on(execute(&standby.url(), "SELECT pg_promote()")).unwrap();
            }
            run.state(|state| state.is_down = false);
        }
        run.wait(|state| state.judged >= trials);
    });
    assert!(run.state(|state| state.judged) >= trials, "some trials have no result");
}
