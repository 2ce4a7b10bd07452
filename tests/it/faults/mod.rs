//! Tests of failures: killed processes, databases that go down, full disks, slow or greedy clients. All run on 127.0.0.1, and all are
//! bounded in number and time.

mod clients;
mod crowds;
mod database;
mod files;
mod heads;
mod kill;
mod locks;
mod memory;
mod metrics;
mod places;
mod power;
mod processes;
mod replicas;
mod schema;
pub mod server;
mod standby;
mod tls;
