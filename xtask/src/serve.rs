//! A small static server: for a person on 127.0.0.1, and for the measurements, where it compresses.
//!
//! It sends no header that a plain static host would not send, so what works here works there.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::project::Project;
use crate::{page, say};

const PREFERRED_PORT: u16 = 8080;
/// A browser opens six connections to one host; each may be waiting for its reader.
const THREADS: usize = 6;

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
    server: Arc<Server>,
    threads: Vec<std::thread::JoinHandle<()>>,
    port: u16,
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
        let server = Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(|error| anyhow!("{error}"))?;
        let Some(address) = server.server_addr().to_ip() else { bail!("the server has no port") };
        let (server, site) = (Arc::new(server), Arc::new(self));
        let threads = (0..THREADS).map(|_| {
            let (server, site) = (Arc::clone(&server), Arc::clone(&site));
            std::thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // A reader who went away is no concern of the server.
                    drop(site.answer(request));
                }
            })
        });
        let threads = threads.collect();
        Ok(Serving { server, threads, port: address.port() })
    }

    fn answer(&self, request: Request) -> std::io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(Response::from_string("only GET is answered\n").with_status_code(405));
        }
        let accepts = |header: &Header| header.field.equiv("Accept-Encoding") && header.value.as_str().contains("br");
        let packed = request.headers().iter().any(accepts);
        let found = file_for(request.url()).and_then(|path| Some((self.body(&path, packed)?, path)));
        let Some(((body, is_packed), path)) = found else {
            return request.respond(Response::from_string("no such file\n").with_status_code(404));
        };
        let mut response = Response::from_data(body)
            // With its length, not in chunks: as static hosts send files.
            .with_chunked_threshold(usize::MAX);
        let mut headers = vec![("Content-Type", media_type(&path)), ("Cache-Control", "no-cache")];
        if is_packed {
            headers.push(("Content-Encoding", "br"));
        }
        for (name, value) in headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        request.respond(response)
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
        for thread in std::mem::take(&mut self.threads) {
            drop(thread.join());
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
    }
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
