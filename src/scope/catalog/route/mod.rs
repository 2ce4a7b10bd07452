//! Finds the operations of a request's method and path.
//!
//! # The rules
//!
//! A path is parted at its slashes; each segment is decoded. A path that servers read in different ways means nothing: one with an
//! empty segment, a dot segment, an encoded slash or a broken encoding.
//!
//! An operation's path is a **pattern**. Each of its segments is
//! - a *word*, which takes a segment with the same letters;
//! - a *parameter* (`:id` or `{id}`), which takes any segment;
//! - text around *inner parameters* (`{id}:resolve`, `{name}.{ext}`, `filterBy(on='{x}')`): the text takes the same letters, and a
//!   parameter takes one or more letters of the segment. Two parameters without text between them count as one;
//! - a *tail* (`{+path}` or `{path...}`), which takes one or more whole segments. Text before it belongs to the first of these,
//!   text behind it to the last (`{+name}:cancel`), and more segments can follow (`{+parent}/items`). A pattern has one tail at the most.
//!
//! Then these decide:
//! 1. Where the catalog has base paths, a path begins with one of them, and the pattern takes the rest. In a text that a person
//!    writes, a path that begins with none of them is taken whole.
//! 2. Where the catalog folds letter case, ASCII letters are the same in upper and lower case.
//! 3. One slash at the end of a path does not count. Where the catalog says that it is distinct, a pattern with one at its end
//!    takes only paths with one, and any other pattern only paths without one.
//! 4. Of the patterns that take a path, the narrowest count: a pattern gives way to another one that takes less. What takes less is
//!    decided by form: a pattern takes no more than another one if the other one takes it, with each parameter as a letter that only
//!    parameters take, and each tail as a letter that only tails take. Where none of several is the narrower one, all are meant.
//! 5. A path means nothing where a reader could take it for another pattern's: a reader that ignores letter case, trims spaces,
//!    cuts a segment behind a word, or maps or drops letters beyond ASCII. Patterns that the catalog itself lists side by side
//!    (`report` and `report.json`) are no mistake: only what a parameter takes can be misread. Nor does a path mean anything where
//!    an inner parameter with text behind it can only take `.`, `;`, `?`, `#`, a space or a letter beyond ASCII, at which readers
//!    cut, and a wider pattern takes the path too.
//! 6. In a text that a person writes, a parameter or a tail in braces stands for all that one takes: `/files/{+path}` is the
//!    operation with this path.
//! 7. The work for one path is bounded. A path that would take more, in a catalog made for that, means nothing.
//!
//! So a path means one operation, several of which all must be open, or nothing. A test compares this with a slow matcher.

mod path;
mod pattern;
#[cfg(test)]
mod random;
#[cfg(test)]
mod reference;
mod routes;
mod segment;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

pub(super) use path::base;
pub(super) use pattern::{MAX_SEGMENTS, fault, is_parameter};
pub(in crate::scope) use routes::{Origin, Routes};
pub(super) use segment::is_of_word;
