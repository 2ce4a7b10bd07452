//! The HTTP interface, against an in-process router.

mod dev_keys;
mod gate;
mod keys;
mod lists;
mod model;
mod people;
mod plain;
mod secrets;
mod start;
mod table;
mod world;
