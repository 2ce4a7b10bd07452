//! Three replicas on one PostgreSQL: once one replica has answered a delete, a disable, a narrowing or a rotation, none of the three
//! accepts the old state.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
};

use scopewise::server::{
    App, SecretHash,
    clock::SystemClock,
    http::Interface,
    random::OsRandom,
    store::{self, NewKey, NewProject},
};
use serde_json::json;

use crate::{http::world::Client, postgres::Database};

/// The number of tested changes; SCOPEWISE_TEST_TRIALS sets another one, such as 10000.
const TRIALS: usize = 480;
/// The number of keys in use at the same time.
const WORKERS: usize = 8;
/// The tested changes of one key: narrowed, disabled, rotated, deleted.
const CHANGES: usize = 4;

struct Replicas {
    apps: Vec<Arc<App>>,
    clients: Vec<Client>,
}

impl Replicas {
    async fn new(database: &Database) -> Self {
        let (mut apps, mut clients) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            // Each replica has its own connections, and shares nothing else with the others.
            let store = store::open(&database.url().parse().unwrap()).await.unwrap();
            store.read_ahead(1 << 22);
            let app = App::new(store, Arc::new(SystemClock), Arc::new(OsRandom), None).unwrap();
            clients.push(Client::of(Interface::new(&app)).with("x-appwrite-project", "shop"));
            apps.push(app);
        }
        Self { apps, clients }
    }

    /// The number of replicas that accept a secret.
    async fn accepting(&self, secret: &str) -> usize {
        // Each request comes from another address, because many unknown keys from one address are rate limited.
        static ADDRESS: AtomicU32 = AtomicU32::new(0x0a00_0000);
        let ask = |client: &Client| {
            let client = client.with("x-appwrite-key", secret).at(ADDRESS.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            async move { client.get("/v1/project/keys/absent").await.status.as_u16() }
        };
        let (a, b, c) = tokio::join!(ask(&self.clients[0]), ask(&self.clients[1]), ask(&self.clients[2]));
        // A key that may read keys gets 404 for the missing one; any other key gets 401 or 403.
        [a, b, c]
            .into_iter()
            .inspect(|status| assert!([404, 401, 403].contains(status), "{status}"))
            .filter(|status| *status == 404)
            .count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_on_one_replica_holds_on_all() {
    let Some(database) = Database::new().await else { return };
    let replicas = Arc::new(Replicas::new(&database).await);
    let store = store::open(&database.url().parse().unwrap()).await.unwrap();
    let project =
        NewProject { id: "shop".parse().unwrap(), name: "Shop".parse().unwrap(), created_at: "2026-08-21T12:00:00Z".parse().unwrap() };
    let store = crate::store::handle::Handle(store);
    store.create_project(project).await.unwrap();
    let new = NewKey {
        project_id: "shop".to_owned(),
        id: "owner".parse().unwrap(),
        name: "Owner".parse().unwrap(),
        description: String::new(),
        scopes: vec!["keys.read".parse().unwrap(), "keys.write".parse().unwrap()],
        secret: SecretHash::of("standard_owner"),
        hint: String::new(),
        expire: None,
        created_at: "2026-08-21T12:00:00Z".parse().unwrap(),
    };
    store.create_key(new).await.unwrap();

    let trials = std::env::var("SCOPEWISE_TEST_TRIALS").map_or(TRIALS, |trials| trials.parse().unwrap());
    let (judged, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let load: Vec<_> = (0..3)
        .map(|n| {
            let (replicas, stop) = (replicas.clone(), stop.clone());
            tokio::spawn(async move {
                let client = replicas.clients[n].with("x-appwrite-key", "standard_owner");
                while !stop.load(Ordering::Relaxed) {
                    client.get("/v1/project/keys/owner").await.ok(200);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let work: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let (replicas, judged) = (replicas.clone(), judged.clone());
            tokio::spawn(async move {
                for n in 0..trials / WORKERS / CHANGES + 1 {
                    let through = |step: usize| replicas.clients[(worker + n + step) % 3].with("x-appwrite-key", "standard_owner");
                    let id = format!("w{worker}-{n}");
                    let path = format!("/v1/project/keys/{id}");
                    let scopes = json!(["keys.read", "rows.read"]);
                    let made = through(0).post("/v1/project/keys", json!({ "keyId": id, "name": "N", "scopes": scopes })).await.ok(201);
                    let secret = made["secret"].as_str().unwrap();
                    assert_eq!(replicas.accepting(secret).await, 3);

                    through(1).put(&path, json!({ "name": "N", "scopes": ["rows.read"] })).await.ok(200);
                    assert_eq!(replicas.accepting(secret).await, 0, "narrowed");
                    through(2).put(&path, json!({ "name": "N", "scopes": scopes })).await.ok(200);
                    assert_eq!(replicas.accepting(secret).await, 3);

                    through(3).patch(&format!("{path}/status"), json!({ "enabled": false })).await.ok(200);
                    assert_eq!(replicas.accepting(secret).await, 0, "disabled");
                    through(4).patch(&format!("{path}/status"), json!({ "enabled": true })).await.ok(200);

                    let rotated = through(5).post(&format!("{path}/rotate"), json!({ "overlapSeconds": 0 })).await.ok(200);
                    assert_eq!(replicas.accepting(secret).await, 0, "rotated");
                    let secret = rotated["secret"].as_str().unwrap();
                    assert_eq!(replicas.accepting(secret).await, 3);

                    through(6).delete(&path).await.ok(204);
                    assert_eq!(replicas.accepting(secret).await, 0, "deleted");
                    judged.fetch_add(CHANGES, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for one in work {
        one.await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    for one in load {
        one.await.unwrap();
    }
    for app in &replicas.apps {
        app.settle().await;
    }
    assert!(judged.load(Ordering::Relaxed) >= trials, "some trials have no result");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_setup_link_works_on_every_replica() {
    let Some(database) = Database::new().await else { return };
    let replicas = Replicas::new(&database).await;
    let clients: Vec<_> = replicas.clients.iter().map(|client| client.without("x-appwrite-project")).collect();
    let older = replicas.apps[0].new_setup_token().await.unwrap();
    let newer = replicas.apps[1].new_setup_token().await.unwrap();
    let body = |token: &str| json!({ "token": token, "email": "ada@example.com", "password": "correct horse battery", "name": "Ada" });
    clients[0].post("/v1/setup", body(older.expose())).await.refused(401, "setup_token_invalid");
    clients[2].post("/v1/setup", body(newer.expose())).await.ok(201);
    for client in &clients {
        assert_eq!(client.get("/v1/setup").await.ok(200)["needed"], false);
    }
    let other = json!({ "token": newer.expose(), "email": "eve@example.com", "password": "correct horse battery", "name": "Eve" });
    clients[0].post("/v1/setup", other).await.refused(409, "setup_already_done");
}
