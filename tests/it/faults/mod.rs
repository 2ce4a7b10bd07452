//! What must hold when something breaks: processes that are killed, databases that go away, disks that are full, clients that are
//! slow or greedy. All on 127.0.0.1, all bounded in number and time.

mod clients;
mod crowds;
mod database;
mod files;
mod heads;
mod kill;
mod metrics;
mod places;
mod power;
mod replicas;
mod schema;
pub mod server;
mod standby;
mod tls;
