//! A PostgreSQL server of the benchmark, from the installed programs. It is as safe as a new cluster is: each commit waits for the disk.

use std::{
    fs,
    net::TcpListener,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A server that ends with the run. Its data stay, so that the next run need not fill it again.
pub struct Cluster {
    server: Child,
    pub url: String,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It closes its connections, and writes what is left.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// Where Debian has PostgreSQL's programs, the newest where there are several.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let version = |path: &PathBuf| path.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    versions.filter(|path| path.join("initdb").exists()).max_by_key(version)
}

/// Root may not run it.
fn user() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok().filter(|output| output.status.success())?;
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if number(&["-u"])? != 0 {
        return None;
    }
    Some((number(&["-u", "postgres"])?, number(&["-g", "postgres"])?))
}

impl Cluster {
    /// `None` where PostgreSQL is not installed, or does not start.
    pub fn start() -> Option<Self> {
        let (programs, user) = (programs()?, user());
        // Not in target/, which another user may not be able to read.
        let folder = std::env::temp_dir().join("scopewise-bench-postgres");
        fs::create_dir_all(&folder).ok()?;
        let command = |program: &str| {
            let mut command = Command::new(programs.join(program));
            command.current_dir(&folder).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if let Some((id, group)) = user {
                command.uid(id).gid(group);
            }
            command
        };
        if let Some((id, group)) = user {
            chown(&folder, Some(id), Some(group)).ok()?;
        }
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            let mut init = command("initdb");
            init.args(["--auth=trust", "--username=scopewise", "--encoding=UTF8", "--locale=C", "-D"]).arg(&data);
            init.status().ok().filter(|status| status.success())?;
        }
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port().to_string();
        let mut server = command("postgres");
        server.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-h", "127.0.0.1", "-p", &port, "-c", "max_connections=300"]);
        let cluster = Self { server: server.spawn().ok()?, url: format!("postgres://scopewise@127.0.0.1:{port}/bench") };
        let begun = Instant::now();
        let is_ready = || {
            let mut ask = command("psql");
            ask.args(["-h", "127.0.0.1", "-U", "scopewise", "-p", &port, "-c", "SELECT 1", "postgres"])
                .status()
                .is_ok_and(|it| it.success())
        };
        while !is_ready() {
            if begun.elapsed() > Duration::from_secs(60) {
                return None;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        crate::postgres::create(&cluster.url.replace("/bench", "/postgres"), &cluster.url);
        Some(cluster)
    }
}

/// A root key for the servers, which is not one of the database: made once.
pub fn root_key(folder: &Path) -> PathBuf {
    let path = folder.join("root-key");
    if !path.exists() {
        fs::write(&path, "07".repeat(32)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    path
}
