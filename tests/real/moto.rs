//! moto's server on loopback: it takes every call that the AWS CLI makes, and writes it down. It admits any token for any role, so it
//! shows calls, not verdicts.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use serde_json::Value as Json;

use crate::programs::{path_of, program};

/// One call that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Its parameters, `Action` among them.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Whose signature it has; empty where it has none.
    pub(crate) authorization: String,
}

impl Call {
    pub(crate) fn action(&self) -> &str {
        &self.parameters["Action"]
    }
}

/// A server of one test's own; it ends with the test.
pub(crate) struct Moto {
    server: Child,
    port: u16,
    log: PathBuf,
    folder: PathBuf,
    seen: usize,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Moto {
    /// Starts one. None where it, or the AWS CLI, is not installed.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let (Some(mut server), Some(_)) = (program("moto_server"), program("aws")) else { return None };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = folder.join("calls.jsonl");
        let server = server
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env("MOTO_ENABLE_RECORDING", "true")
            .env("MOTO_RECORDER_FILEPATH", &log)
            // ReadOnlyAccess and the other policies of AWS's own.
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Self { server, port, log, folder: folder.to_owned(), seen: 0 };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_mins(5), "moto did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(moto)
    }

    /// A command whose AWS CLI is the project's own and calls this server, with nothing else of this machine about AWS.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = program(name).unwrap();
        self.surround(&mut command, &self.folder);
        command
    }

    /// Puts a command into these surroundings, in that folder.
    pub(crate) fn surround(&self, command: &mut Command, folder: &Path) {
        let aws = path_of("aws").unwrap();
        let path = std::env::var("PATH").unwrap();
        command
            .env_clear()
            .current_dir(folder)
            .env("PATH", format!("{}:{}:{path}", folder.join("bin").display(), aws.parent().unwrap().display()))
            .env("HOME", folder)
            .env("TMPDIR", folder)
            .env("LC_ALL", "C.UTF-8")
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port))
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true");
    }

    /// The calls since this was asked last.
    pub(crate) fn calls(&mut self) -> Vec<Call> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let calls: Vec<Call> = text.lines().skip(self.seen).map(call).collect();
        self.seen += calls.len();
        calls
    }
}

fn call(line: &str) -> Call {
    let record: Json = serde_json::from_str(line).unwrap();
    let body = record["body"].as_str().unwrap();
    let body = if record["body_encoded"] == true {
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(body).unwrap()).unwrap()
    } else {
        body.to_owned()
    };
    let parameters =
        body.split('&').filter_map(|it| it.split_once('=')).map(|(name, value)| (name.to_owned(), plain(value)));
    let authorization = record["headers"]["Authorization"].as_str().unwrap_or("").to_owned();
    Call { parameters: parameters.collect(), authorization }
}

/// A value of a form, its escapes undone.
fn plain(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}
