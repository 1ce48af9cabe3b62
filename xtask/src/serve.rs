//! A small static server: for a person on 127.0.0.1, and for the measurements, where it compresses.
//!
//! It sends no header that a plain static host would not send, so what works here works there.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::project::Project;
use crate::{page, say, setup};

const PREFERRED_PORT: u16 = 8080;
/// A browser opens six connections to one host; each may be waiting for its reader.
const THREADS: usize = 6;

/// `cargo xtask serve`: builds the page and serves it until it is interrupted.
pub(crate) fn run(project: &Project, port: Option<u16>) -> Result<()> {
    page::run(project)?;
    let site = Site {
        folder: project.dist(),
        encoding: Encoding::Plain,
    };
    let serving = match port {
        Some(port) => site
            .serve(port)
            .with_context(|| format!("cannot serve on port {port}"))?,
        None => {
            let any = || {
                Site {
                    folder: project.dist(),
                    encoding: Encoding::Plain,
                }
                .serve(0)
            };
            site.serve(PREFERRED_PORT).or_else(|_| any())?
        }
    };
    println!();
    say::success(&format!("Claimcheck is at {}", serving.address()));
    say::note(
        "Ctrl+C ends it. After a change, `cargo xtask build` in another terminal and reload.",
    );
    serving.wait();
    Ok(())
}

/// How bodies are sent.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Encoding {
    /// As they are.
    Plain,
    /// With brotli where the browser accepts it, as a good host would.
    Brotli,
}

/// A folder of static files.
pub(crate) struct Site {
    /// The folder; `index.html` answers for `/`.
    pub(crate) folder: PathBuf,
    /// How bodies are sent.
    pub(crate) encoding: Encoding,
}

/// A site that is being served, until it is dropped.
pub(crate) struct Serving {
    server: Arc<Server>,
    threads: Vec<std::thread::JoinHandle<()>>,
    port: u16,
}

impl Site {
    /// Serves on 127.0.0.1; port 0 takes any free one.
    pub(crate) fn serve(self, port: u16) -> Result<Serving> {
        let server = Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .map_err(|error| anyhow!("{error}"))?;
        let Some(address) = server.server_addr().to_ip() else {
            bail!("the server has no port")
        };
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
        Ok(Serving {
            server,
            threads,
            port: address.port(),
        })
    }

    fn answer(&self, request: Request) -> std::io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request
                .respond(Response::from_string("only GET is answered\n").with_status_code(405));
        }
        let Some((path, body)) = file_for(request.url()).and_then(|path| {
            let path = self.folder.join(path);
            std::fs::read(&path).ok().map(|body| (path, body))
        }) else {
            return request.respond(Response::from_string("no such file\n").with_status_code(404));
        };
        let accepts = |header: &Header| {
            header.field.equiv("Accept-Encoding") && header.value.as_str().contains("br")
        };
        let compress = self.encoding == Encoding::Brotli && request.headers().iter().any(accepts);
        let body = if compress { brotli(&body) } else { body };
        let mut response = Response::from_data(body)
            // With its length, not in chunks: as static hosts send files.
            .with_chunked_threshold(usize::MAX);
        let mut headers = vec![
            ("Content-Type", media_type(&path)),
            ("Cache-Control", "no-cache"),
        ];
        if compress {
            headers.push(("Content-Encoding", "br"));
        }
        for (name, value) in headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        request.respond(response)
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
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
        .then(|| path.to_owned())
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
