//! The HTTP interface, against an in-process router.

mod keys;
mod world;
