//! A power loss: the process stops, and data that the operating system has not yet written to the disk is lost.
//!
//! strace records what a server writes, syncs and answers. From the record, the test rebuilds the disk for any moment: synced data is
//! there, everything else is lost, kept or torn at random.

// INVARIANT: on each of these disks, every write that was acknowledged before that moment exists, and no write is partial.

mod disk;
mod trace;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use rusqlite::Connection;
use serde_json::{Value, json};

use self::{
    disk::{Disk, Luck},
    trace::Event,
};
use super::server::{Server, Site};
use crate::{dice::Dice, patience::Patience, place::Place};

/// The number of concurrent clients, and the number of keys that each of them creates, changes and deletes.
const CLIENTS: usize = 4;
const KEYS: usize = 30;

/// The keys of one client, by id: scopes, whether enabled, number of secrets.
type Keys = BTreeMap<String, (String, bool, i64)>;

/// The history of a client: its keys after each number of answers. The first entry is from before the first answer.
type History = Vec<Keys>;

fn strace_is_missing() -> bool {
    let traced = Command::new("strace").args(["-D", "-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let works = traced.is_ok_and(|status| status.success());
    assert!(
        works || std::env::var_os("CI").is_none(),
        "this test needs strace, and the right to trace: install it (Debian: apt-get install strace; in a container, --cap-add SYS_PTRACE)"
    );
    if !works {
        crate::place::note("did not run: strace is missing, or may not trace");
    }
    !works
}

/// Like [`Site::serve`], under strace, which is not the parent of the server (`-D`), so signals still reach the server.
fn serve_traced(site: &Site, trace: &Path) -> Server {
    let serve = site.command(&["serve", "--listen", "127.0.0.1:0", "--log", "off"]);
    let mut command = Command::new("strace");
    command.args(["-D", "-f", "-yy", "-xx", "-s", "100000", "-e", trace::CALLS, "-e", "signal=none", "-o"]).arg(trace);
    command.arg(serve.get_program()).args(serve.get_args()).current_dir(site.place.path("")).stdin(Stdio::null()).stderr(Stdio::null());
    command.env_clear().envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Server::spawn(&mut command)
}

/// Runs one client: creates keys, and changes, disables, rotates and deletes some. Returns its port and its history.
fn write(server: &Server, writer: &str, client: usize) -> (u16, History) {
    let mut wire = server.connect();
    let mut history = vec![Keys::new()];
    let mut ask = |method: &str, path: &str, body: Value, change: &dyn Fn(&mut Keys)| {
        let answer = wire.ask(method, &format!("/v1/project/keys{path}"), writer, &body.to_string()).unwrap();
        assert!(matches!(answer.status, 200..300), "{method} {path}: {}", answer.body);
        let mut keys = history.last().unwrap().clone();
        change(&mut keys);
        history.push(keys);
    };
    for n in 0..KEYS {
        let id = format!("c{client}-{n}");
        let path = format!("/{id}");
        let wide = (r#"["rows.read","rows.write"]"#.to_owned(), true, 1);
        ask("POST", "", json!({ "keyId": id, "name": "n", "scopes": ["rows.read", "rows.write"] }), &|keys| {
            keys.insert(id.clone(), wide.clone());
        });
        match n % 4 {
            0 => ask("DELETE", &path, json!({}), &|keys| drop(keys.remove(&id))),
            1 => ask("PUT", &path, json!({ "name": "n", "scopes": ["rows.read"] }), &|keys| {
                keys.get_mut(&id).unwrap().0 = r#"["rows.read"]"#.to_owned();
            }),
            2 => ask("PATCH", &format!("{path}/status"), json!({ "enabled": false }), &|keys| keys.get_mut(&id).unwrap().1 = false),
            _ => ask("POST", &format!("{path}/rotate"), json!({ "overlapSeconds": 3600 }), &|keys| keys.get_mut(&id).unwrap().2 = 2),
        }
    }
    (wire.port(), history)
}

/// The files of the database.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = ["test.db", "test.db-wal"].into_iter().filter(|name| folder.join(name).exists());
    names.map(|name| (name.to_owned(), fs::read(folder.join(name)).unwrap())).collect()
}

/// The keys on a disk, or the error of SQLite if the disk is damaged.
fn found(image: &BTreeMap<String, Vec<u8>>, folder: &Path) -> Result<Keys, String> {
    disk::lay_out(image, folder);
    let read = || {
        let database = Connection::open(folder.join("test.db"))?;
        // No power loss happens on this connection.
        database.execute_batch("PRAGMA synchronous = OFF")?;
        let health: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let sql = "SELECT id, scopes, enabled, (SELECT count(*) FROM key_secrets WHERE key_sequence = sequence) FROM keys";
        let mut statement = database.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))))?;
        Ok((health, rows.collect::<Result<Keys, _>>()?))
    };
    let (health, keys) = read().map_err(|error: rusqlite::Error| error.to_string())?;
    if health == "ok" { Ok(keys) } else { Err(health) }
}

/// The fault of a disk, if each client has received this many answers: its keys must match the state after its last answer, or after
/// the request in progress.
fn fault(keys: &Keys, answered: &BTreeMap<u16, usize>, histories: &BTreeMap<u16, (usize, History)>) -> Option<String> {
    histories.iter().find_map(|(port, (client, history))| {
        let prefix = format!("c{client}-");
        let theirs: Keys = keys.iter().filter(|(id, _)| id.starts_with(&prefix)).map(|(id, key)| (id.clone(), key.clone())).collect();
        let answers = answered.get(port).copied().unwrap_or(0);
        let allowed = &history[answers..history.len().min(answers + 2)];
        (!allowed.contains(&theirs)).then(|| format!("client {client} after {answers} answers: {theirs:?} instead of {allowed:?}"))
    })
}

/// Cuts the power at every answer and at as many other moments. Returns the number of checked disks, or the first fault.
fn cut_the_power(
    base: &BTreeMap<String, Vec<u8>>,
    events: &[&Event],
    histories: &BTreeMap<u16, (usize, History)>,
) -> Result<usize, String> {
    let place = Place::new("power-disk");
    let (mut disk, mut dice, mut answered, mut looked) = (Disk::new(base.clone()), Dice::new(5), BTreeMap::new(), 0);
    let answers = events.iter().filter(|event| matches!(event, Event::Answered(_))).count();
    let every = events.len() / answers;
    for (position, event) in events.iter().enumerate() {
        let is_answer = matches!(event, Event::Answered(_));
        if let Event::Answered(port) = event {
            *answered.entry(*port).or_default() += 1;
        }
        disk.note(event);
        if !is_answer && dice.below(every) != 0 && position + 1 < events.len() {
            continue;
        }
        let others = [Luck::All, Luck::Writes, Luck::Sectors, Luck::Sectors];
        for luck in [Luck::None, others[dice.below(4)]] {
            let image = disk.after_power_loss(luck, &mut dice);
            let wrong = found(&image, &place.path("")).map_or_else(Some, |keys| fault(&keys, &answered, histories));
            if let Some(wrong) = wrong {
                return Err(format!("at event {position} of {}, {luck:?}: {wrong}", events.len()));
            }
            looked += 1;
        }
    }
    Ok(looked)
}

#[test]
fn a_power_loss_keeps_all_acknowledged_writes_on_sqlite() {
    if strace_is_missing() {
        return;
    }
    let site = Site::sqlite();
    let writer = site.set_up();
    let folder = site.place.path("").canonicalize().unwrap();
    let base = files(&folder);
    let traced = Place::new("power");
    let trace = traced.path("trace");
    let mut server = serve_traced(&site, &trace);
    let histories: BTreeMap<u16, (usize, History)> = std::thread::scope(|scope| {
        let (server, writer) = (&server, writer.as_str());
        let clients: Vec<_> = (0..CLIENTS).map(|client| (client, scope.spawn(move || write(server, writer, client)))).collect();
        clients.into_iter().map(|(client, thread)| (client, thread.join().unwrap())).map(|(n, (port, seen))| (port, (n, seen))).collect()
    });
    server.stop();
    // strace may write the last lines after the server has stopped.
    let (patience, ended) = (Patience::new(), format!("{} ", server.pid()));
    let text = loop {
        let text = fs::read_to_string(&trace).unwrap();
        if text.lines().any(|line| line.starts_with(&ended) && line.contains("+++ exited with 0 +++")) {
            break text;
        }
        patience.or_fail("the trace does not end");
        std::thread::yield_now();
    };
    let events = trace::read(&text, &folder);

    // The trace is complete: replaying it gives exactly the bytes on the disk, and it contains every answer.
    let mut disk = Disk::new(base.clone());
    events.iter().for_each(|event| disk.note(event));
    assert!(disk.after_power_loss(Luck::All, &mut Dice::new(0)) == files(&folder), "the trace is incomplete");
    let answers = events.iter().filter(|event| matches!(event, Event::Answered(_))).count();
    assert_eq!(answers, CLIENTS * KEYS * 2);

    let looked = cut_the_power(&base, &events.iter().collect::<Vec<_>>(), &histories).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(looked > answers * 2, "{looked}");

    // This test can fail: it detects a log that was not synced, and a checkpoint whose pages were not synced.
    for forgotten in ["test.db-wal", "test.db"] {
        let is_kept = |event: &&Event| !matches!(event, Event::Syncing { file, .. } if file == forgotten);
        let careless: Vec<&Event> = events.iter().filter(is_kept).collect();
        assert!(cut_the_power(&base, &careless, &histories).is_err(), "{forgotten}");
    }
}
