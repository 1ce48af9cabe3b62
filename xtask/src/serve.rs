//! A small static server: for a person on 127.0.0.1, and for the measurements, where it compresses.
//!
//! It sends no header that a plain static host would not send, so what works here works there. A connection answers one request
//! and is closed. (`tiny_http` 0.12 was here before: with a browser that keeps six connections open, requests went unanswered.)

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::{page, say};

const PREFERRED_PORT: u16 = 8080;
/// No request of a browser's has a longer head, in bytes.
const LONGEST_HEAD: u64 = 64 * 1024;
/// How long a connection may stay silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// `cargo xtask serve`: builds the page and serves it until it is interrupted.
pub(crate) fn run(project: &Project, port: Option<u16>) -> Result<()> {
    page::run(project)?;
    let site = || Site::OnDisk(project.dist());
    let serving = match port {
        Some(port) => site().serve(port).with_context(|| format!("cannot serve on port {port}"))?,
        None => site().serve(PREFERRED_PORT).or_else(|_| site().serve(0))?,
    };
    println!();
    say::success(&format!("Claimcheck is at {}", serving.address()));
    say::note("Ctrl+C ends it. After a change, `cargo xtask build` in another terminal and reload.");
    serving.wait();
    Ok(())
}

/// A folder of static files; `index.html` answers for `/`.
pub(crate) enum Site {
    /// Read anew at each request, sent as they are.
    OnDisk(PathBuf),
    /// Read once, and sent with brotli where the browser accepts it: as a good host does with files prepared by a build.
    Prepared(BTreeMap<PathBuf, Prepared>),
}

/// A file in both its forms.
pub(crate) struct Prepared {
    plain: Vec<u8>,
    packed: Vec<u8>,
}

/// A site that is being served, until it is dropped.
pub(crate) struct Serving {
    port: u16,
    is_over: Arc<AtomicBool>,
    listening: Option<std::thread::JoinHandle<()>>,
}

impl Site {
    /// Reads and packs a folder.
    pub(crate) fn prepared(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for path in page::files(folder)? {
            let plain = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let packed = brotli(&plain);
            files.insert(path.strip_prefix(folder)?.to_owned(), Prepared { plain, packed });
        }
        Ok(Self::Prepared(files))
    }

    /// Serves on 127.0.0.1; port 0 takes any free one.
    pub(crate) fn serve(self, port: u16) -> Result<Serving> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let port = listener.local_addr()?.port();
        let is_over = Arc::new(AtomicBool::new(false));
        let (site, over) = (Arc::new(self), Arc::clone(&is_over));
        let listening = std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let site = Arc::clone(&site);
                // A reader who went away is no concern of the server.
                std::thread::spawn(move || drop(site.answer(&connection)));
            }
        });
        Ok(Serving { port, is_over, listening: Some(listening) })
    }

    /// Reads one request and answers it.
    fn answer(&self, connection: &TcpStream) -> std::io::Result<()> {
        connection.set_read_timeout(Some(PATIENCE))?;
        let mut lines = BufReader::new(connection.take(LONGEST_HEAD)).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        let mut packed = false;
        for line in lines {
            let line = line?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            packed |= line.strip_prefix("accept-encoding:").is_some_and(|it| it.split(',').any(|it| it.trim() == "br"));
        }
        let mut words = request.split(' ');
        let (method, url) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        if !matches!(method, "GET" | "HEAD") {
            return send(connection, "405 Method Not Allowed", "text/plain", false, b"only GET is answered\n", true);
        }
        let with_body = method == "GET";
        match file_for(url).and_then(|path| Some((self.body(&path, packed)?, path))) {
            Some(((body, packed), path)) => send(connection, "200 OK", media_type(&path), packed, &body, with_body),
            None => send(connection, "404 Not Found", "text/plain", false, b"no such file\n", with_body),
        }
    }

    /// A file's bytes, and whether they are packed.
    fn body(&self, path: &Path, packed: bool) -> Option<(Vec<u8>, bool)> {
        match self {
            Self::OnDisk(folder) => Some((std::fs::read(folder.join(path)).ok()?, false)),
            Self::Prepared(files) => {
                let file = files.get(path)?;
                Some((if packed { &file.packed } else { &file.plain }.clone(), packed))
            }
        }
    }
}

impl Serving {
    /// The address to open.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Waits until the program is interrupted.
    fn wait(mut self) {
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // The listener looks at that when somebody calls.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

/// Sends an answer and its end.
fn send(
    mut to: &TcpStream,
    status: &str,
    media_type: &str,
    packed: bool,
    body: &[u8],
    with_body: bool,
) -> std::io::Result<()> {
    let encoding = if packed { "Content-Encoding: br\r\n" } else { "" };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n{encoding}Cache-Control: no-cache\r\nConnection: close\r\n\r\n"
    );
    to.write_all(head.as_bytes())?;
    if with_body {
        to.write_all(body)?;
    }
    to.flush()
}

/// The file that a request's path asks for, never one outside the folder.
fn file_for(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| path.to_owned())
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Brotli at its best, as a build would prepare it: quality 11, window 22.
pub(crate) fn brotli(body: &[u8]) -> Vec<u8> {
    let mut compressed = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    // Writing to memory cannot fail.
    drop(compressed.write_all(body));
    compressed.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_finds_its_file_and_nothing_outside() {
        assert_eq!(file_for("/"), Some(PathBuf::from("index.html")));
        assert_eq!(file_for("/?x#y"), Some(PathBuf::from("index.html")));
        assert_eq!(file_for("/a/b.js?v=1"), Some(PathBuf::from("a/b.js")));
        assert_eq!(file_for("/../Cargo.toml"), None);
        assert_eq!(file_for("/a/../../Cargo.toml"), None);
    }
}
