//! Reads the strace record of a server: its changes to the database files, and its answers.

use std::{collections::HashMap, path::Path};

/// The calls that change files, or allow changes, and the calls that answer. Shared memory does not affect the disk.
pub const CALLS: &str = "trace=openat,pwrite64,pwritev,write,writev,sendto,sendmsg,ftruncate,fallocate,fsync,fdatasync,sync_file_range,unlink,unlinkat,\
                         rename,renameat,renameat2,link,linkat";

/// An event, in order. Files are named by their path in the database folder; the folder itself has an empty name.
#[derive(Debug)]
pub enum Event {
    /// A new file exists.
    Made(String),
    /// A write with this number began.
    Written { file: String, number: usize, offset: usize, bytes: Vec<u8> },
    /// A change of the file length began.
    Cut { file: String, number: usize, length: usize },
    /// The call with this number returned.
    Done(usize),
    /// A sync of all earlier changes began.
    Syncing { file: String, number: usize },
    /// The sync with this number finished.
    Synced(usize),
    /// A file was removed.
    Removed(String),
    /// The server begins to send an answer to this port.
    Answered(u16),
}

/// Returns the events of the files in `folder`, and the answers.
pub fn read(trace: &str, folder: &Path) -> Vec<Event> {
    let mut reader = Reader { folder: format!("{}/", folder.display()), events: Vec::new(), open: HashMap::new() };
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        if let Some(resumed) = call.strip_prefix("<... ") {
            if let Some(end) = reader.open.remove(thread) {
                reader.end(end, resumed);
            }
        } else if let Some((name, arguments)) = call.split_once('(')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            let Some(end) = reader.begin(name, arguments) else { continue };
            if call.ends_with("<unfinished ...>") {
                reader.open.insert(thread.to_owned(), end);
            } else {
                reader.end(end, call);
            }
        }
    }
    reader.events
}

/// The meaning of a call's return.
enum End {
    /// The call wrote this many bytes, or returned 0.
    Done {
        number: usize,
        result: usize,
    },
    Synced(usize),
    /// Known only now, when the call returns.
    Made(String),
    Removed(String),
}

struct Reader {
    folder: String,
    events: Vec<Event>,
    /// The calls that have not returned, by thread.
    open: HashMap<String, End>,
}

impl Reader {
    /// The name of a file of the database, or an empty name for the folder itself.
    fn file(&self, path: &str) -> Option<String> {
        let path = path.strip_suffix(" (deleted)").unwrap_or(path);
        let name = if path.len() + 1 == self.folder.len() { self.folder.strip_prefix(path)? } else { path.strip_prefix(&self.folder)? };
        let name = name.trim_matches('/');
        (!name.ends_with("-shm")).then(|| name.to_owned())
    }

    fn begin(&mut self, name: &str, arguments: &str) -> Option<End> {
        let number = self.events.len();
        let texts: Vec<String> = quoted(arguments);
        // `9</path>` or `9<TCP:[from->to]>`; special characters are written as `\x…`.
        let target = arguments.split_once('<').map(|(_, rest)| decoded(rest.split('>').next().unwrap())).unwrap_or_default();
        match name {
            "write" | "writev" | "sendto" | "sendmsg" if target.starts_with("TCP") => {
                if texts.first().is_some_and(|text| text.starts_with("HTTP/1.1 ")) {
                    let target = arguments.split_once('<').unwrap().1.split(']').next().unwrap();
                    let port = decoded(target).rsplit_once(':').unwrap().1.parse().unwrap();
                    self.events.push(Event::Answered(port));
                }
                None
            }
            "openat" => {
                let file = self.file(texts.first()?)?;
                arguments.contains("O_CREAT").then_some(End::Made(file))
            }
            "unlink" | "unlinkat" => Some(End::Removed(self.file(texts.first()?)?)),
            "pwrite64" => {
                let file = self.file(&target)?;
                let numbers = arguments.rsplit_once('"').unwrap().1;
                let offset = numbers.split(',').nth(2).unwrap().trim();
                let offset = offset.split([')', ' ']).next().unwrap().parse().unwrap();
                let bytes = bytes(arguments.split('"').nth(1).unwrap());
                let result = bytes.len();
                self.events.push(Event::Written { file, number, offset, bytes });
                Some(End::Done { number, result })
            }
            "ftruncate" => {
                let file = self.file(&target)?;
                let length = arguments.split(", ").nth(1).unwrap().split([')', ' ']).next().unwrap().parse().unwrap();
                self.events.push(Event::Cut { file, number, length });
                Some(End::Done { number, result: 0 })
            }
            "fsync" | "fdatasync" => {
                let file = self.file(&target)?;
                self.events.push(Event::Syncing { file, number });
                Some(End::Synced(number))
            }
            _ => {
                // Any other change of the database is unknown here, and must fail the test.
                let touched = texts.iter().chain([&target]).find_map(|path| self.file(path)).filter(|file| file.contains(".db"));
                assert!(touched.is_none(), "{name} of {touched:?}");
                None
            }
        }
    }

    fn end(&mut self, end: End, line: &str) {
        let result = line.rsplit_once(" = ").unwrap().1.split(['<', ' ']).next().unwrap().to_owned();
        match end {
            End::Made(_) | End::Removed(_) if result == "-1" => {}
            End::Made(file) => self.events.push(Event::Made(file)),
            End::Removed(file) => self.events.push(Event::Removed(file)),
            End::Done { number, result: expected } => {
                assert_eq!(result, expected.to_string(), "{line}");
                self.events.push(Event::Done(number));
            }
            End::Synced(number) => {
                assert_eq!(result, "0", "{line}");
                self.events.push(Event::Synced(number));
            }
        }
    }
}

/// The quoted texts.
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).take(2).map(decoded).collect()
}

fn decoded(text: &str) -> String {
    if text.starts_with("\\x") { String::from_utf8_lossy(&bytes(text)).into_owned() } else { text.to_owned() }
}

/// Parses `\x48\x54` and so on.
fn bytes(text: &str) -> Vec<u8> {
    let nibble = |byte: u8| (byte as char).to_digit(16).expect("strace -xx writes each byte as \\x and two digits") as u8;
    text.as_bytes().chunks(4).map(|four| nibble(four[2]) << 4 | nibble(four[3])).collect()
}
