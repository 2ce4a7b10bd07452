//! Two handles to one empty database, created for one test.

use std::path::PathBuf;

use scopewise::server::{config::DatabaseUrl, store};

use super::handle::Handle;
use crate::{place::Place, postgres::Database};

/// Deleted with the database.
#[allow(dead_code, reason = "held only to be dropped")]
enum Home {
    Sqlite(Place),
    Postgres(Database),
}

/// Two handles to one database, like two replicas, or like the server and the command line.
pub struct Pair {
    pub one: Handle,
    pub other: Handle,
    /// Dropped last.
    _home: Home,
}

impl Pair {
    pub async fn sqlite() -> Self {
        let place = Place::new("store");
        let path: PathBuf = place.path("test.db");
        Self::open(&DatabaseUrl::Sqlite { path }, Home::Sqlite(place)).await
    }

    /// `None` if there is no PostgreSQL and the settings of the test run allow that.
    pub async fn postgres() -> Option<Self> {
        let database = Database::new().await?;
        let url = database.url().parse().unwrap();
        Some(Self::open(&url, Home::Postgres(database)).await)
    }

    async fn open(url: &DatabaseUrl, home: Home) -> Self {
        // Opens both at the same time: the second one finds the finished schema, or waits for it.
        let (one, other) = tokio::join!(store::open(url), store::open(url));
        let (one, other) = (one.unwrap(), other.unwrap());
        // As servers do. Both answer from memory.
        one.read_ahead(1 << 22);
        other.read_ahead(1 << 22);
        Self { one: Handle(one), other: Handle(other), _home: home }
    }

    /// A pair with the project `shop`.
    pub async fn with_shop(self) -> Self {
        self.one.create_project(super::project("shop")).await.unwrap();
        self
    }

    /// Alternates between the two handles.
    pub fn turn(&self, n: usize) -> Handle {
        if n.is_multiple_of(2) { self.one.clone() } else { self.other.clone() }
    }
}
