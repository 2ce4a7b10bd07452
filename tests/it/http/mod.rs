//! The HTTP interface, against an in-process router.

mod accounts;
mod audit;
mod counting;
mod dev_keys;
mod ephemeral;
mod formats;
mod forward_auth;
mod gate;
mod guard;
mod head;
mod keys;
mod lifecycle;
mod lists;
mod model;
mod openapi;
mod people;
mod plain;
mod policy;
mod races;
mod secrets;
mod start;
mod strict;
mod table;
mod texts;
mod verify;
mod wire;
pub mod world;
