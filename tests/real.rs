//! The generated files, judged and run by the programs that they are for: Terraform, CloudFormation's linter, the AWS CLI, GitLab's
//! own schema, gitlab-ci-local, shellcheck, shells, and parsers of other people.
//!
//! `cargo xtask test` installs what `tests/real/requirements.txt` and `tests/real/package.json` list; Terraform, Node.js and the
//! shells are taken from `PATH`. Where a program is missing its test says so by name; in CI (`CI` is set) it fails.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's own data")]

#[path = "real/aws.rs"]
mod aws;
mod common;
#[path = "real/jobs.rs"]
mod jobs;
#[path = "real/moto.rs"]
mod moto;
#[path = "real/pipelines.rs"]
mod pipelines;
#[path = "real/programs.rs"]
mod programs;
#[path = "real/reports.rs"]
mod reports;

use std::fs;
use std::path::{Path, PathBuf};

use claimcheck::generate::{Kind, archive, render, trust_policy};
use claimcheck::pattern::Pattern;
use claimcheck::print::ci_expression::{Test, all};
use claimcheck::setup::Setup;
use serde_json::Value as Json;

use programs::{answer, program};

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(setup: &Setup, kind: Kind) -> String {
    render(setup, kind, None).unwrap().text
}

/// One file a setup, in a folder; `name` is with `*` for the setup's name.
fn written(test: &str, kind: Kind, name: &str) -> Vec<PathBuf> {
    let folder = folder(test);
    common::setups()
        .iter()
        .map(|(setup, it)| {
            let path = folder.join(name.replace('*', setup));
            fs::write(&path, text(it, kind)).unwrap();
            path
        })
        .collect()
}

#[test]
fn terraform_fmt_changes_nothing() {
    let Some(mut terraform) = program("terraform") else { return };
    let files = written("fmt", Kind::Terraform, "*.tf");
    answer(terraform.args(["fmt", "-check", "-diff"]).args(files));
}

/// The top-level blocks of a formatted file: each begins in the first column and ends with a brace there.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if !open && line.ends_with('{') {
            blocks.push(String::new());
            open = true;
        }
        if let Some(block) = blocks.last_mut().filter(|_| open) {
            block.push_str(line);
            block.push('\n');
        }
        open &= line != "}";
    }
    blocks
}

/// What of `main.tf` needs no provider: its variables and locals, with outputs for what the resources would be given.
fn without_provider(text: &str) -> String {
    let mut out = String::new();
    for block in blocks(text) {
        if block.starts_with("variable ") || block.starts_with("locals ") {
            out.push_str(&block);
        } else if let Some(label) = block.strip_prefix("resource \"aws_iam_role_policy\" \"") {
            let label = label.split('"').next().unwrap();
            let document = block.split_once("  policy = ").unwrap().1;
            out.push_str(&format!("output \"document_{label}\" {{\n  value = {document}"));
        }
    }
    out.push_str("output \"trust_policies\" {\n  value = local.trust_policies\n}\n\n");
    out.push_str("output \"provider_arn\" {\n  value = local.provider_arn\n}\n");
    out
}

#[test]
fn terraform_renders_the_trust_policies_that_are_shown_as_json() {
    let setups = common::setups();
    let root = folder("render");
    let mut main = String::new();
    for (name, setup) in &setups {
        let module = root.join(name);
        fs::create_dir_all(&module).unwrap();
        fs::write(module.join("main.tf"), without_provider(&text(setup, Kind::Terraform))).unwrap();
        main.push_str(&format!("module \"{name}\" {{\n  source = \"./{name}\"\n}}\n"));
        main.push_str(&format!("output \"{name}\" {{\n  value = module.{name}\n}}\n"));
    }
    main.push_str(
        "module \"moved\" {\n  source = \"./pins\"\n  account_id = \"210987654321\"\n  partition = \"aws-cn\"\n",
    );
    main.push_str("  issuer = \"https://example.cn/gitlab\"\n  audience = \"other\"\n}\n");
    main.push_str("output \"moved\" {\n  value = module.moved\n}\n");
    fs::write(root.join("main.tf"), main).unwrap();
    let terraform = |arguments: &[&str]| {
        let mut command = program("terraform")?;
        Some(answer(command.current_dir(&root).env_remove("TF_CLI_CONFIG_FILE").args(arguments)))
    };
    if terraform(&["init", "-no-color", "-input=false"]).is_none() {
        return;
    }
    terraform(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    let outputs: Json = serde_json::from_str(&terraform(&["output", "-json"]).unwrap()).unwrap();
    for (name, setup) in &setups {
        let rendered = &outputs[name]["value"];
        assert_eq!(rendered["provider_arn"], setup.provider_arn(), "{name}");
        let policies = rendered["trust_policies"].as_object().unwrap();
        assert_eq!(policies.len(), setup.roles().len(), "{name}");
        for role in setup.roles() {
            let policy: Json = serde_json::from_str(policies[role.name.as_str()].as_str().unwrap()).unwrap();
            let shown: Json = serde_json::from_str(&trust_policy(setup, role)).unwrap();
            assert_eq!(policy, shown, "{name}: {}", role.name);
        }
        let documents = rendered.as_object().unwrap().iter().filter(|it| it.0.starts_with("document_"));
        let documents: Vec<Json> = documents.map(|it| serde_json::from_str(it.1.as_str().unwrap()).unwrap()).collect();
        let shown = setup
            .roles()
            .iter()
            .filter_map(|it| it.permissions_document.as_ref())
            .map(|it| -> Json { serde_json::from_str(&claimcheck::print::json::compact(it)).unwrap() });
        assert_eq!(documents, shown.collect::<Vec<_>>(), "{name}");
    }
    // The variables are the only place where the setup's account, issuer and audience stand.
    let pins = &setups.iter().find(|it| it.0 == "pins").unwrap().1;
    let moved: Json = outputs["moved"]["value"]["trust_policies"]["gitlab-pinned"].clone();
    let wanted = trust_policy(pins, &pins.roles()[0])
        .replace(
            "arn:aws:iam::123456789012:oidc-provider/gitlab.com",
            "arn:aws-cn:iam::210987654321:oidc-provider/example.cn/gitlab",
        )
        .replace("\"gitlab.com:", "\"example.cn/gitlab:")
        .replace("\"https://gitlab.com\"", "\"other\"");
    let (moved, wanted): (Json, Json) =
        (serde_json::from_str(moved.as_str().unwrap()).unwrap(), serde_json::from_str(&wanted).unwrap());
    assert_eq!(moved, wanted);
}

#[test]
fn the_ci_file_is_valid_by_gitlabs_schema() {
    let Some(mut check) = program("check-jsonschema") else { return };
    let files = written("schema", Kind::GitlabCi, "*.yml");
    answer(check.args(["--builtin-schema", "vendor.gitlab-ci"]).args(files));
}

#[test]
fn other_parsers_read_the_same_files() {
    // It comes with the parser, beside a Python that has both.
    let (Some(_), Some(mut python)) = (program("hcl2tojson"), program("python3")) else { return };
    // PyYAML reads YAML 1.1, as GitLab's own reader does.
    let read = "import glob, json, sys, hcl2, yaml\n\
                [hcl2.load(open(it)) for it in glob.glob(sys.argv[1] + '/*.tf')]\n\
                files = sorted(glob.glob(sys.argv[2] + '/*.yml'))\n\
                json.dump([yaml.safe_load(open(it)) for it in files], sys.stdout)";
    let hcl = written("hcl2", Kind::Terraform, "*.tf");
    let yaml = written("yaml", Kind::GitlabCi, "*.yml");
    let said = answer(python.args(["-c", read]).arg(hcl[0].parent().unwrap()).arg(yaml[0].parent().unwrap()));
    let said: Vec<Json> = serde_json::from_str(&said).unwrap();
    let mut sorted = yaml;
    sorted.sort();
    assert_eq!(said.len(), sorted.len());
    for (path, said) in sorted.iter().zip(said) {
        let ours: Json = serde_yaml_ng::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(said, ours, "{}", path.display());
    }
}

#[test]
fn re2_reads_the_rules_expressions_as_their_patterns() {
    let (Some(_), Some(mut python)) = (program("hcl2tojson"), program("python3")) else { return };
    let patterns = [
        "main",
        "v*",
        "v?.?",
        "*x",
        "feature/*",
        "${x}",
        "$",
        "$*",
        "it's?\"x\"",
        "a|b",
        "(a)",
        "[a]*",
        "a+b",
        "a.b",
        "é",
        "?",
        "\u{85}*",
        "\u{a0}",
        "^a$",
        "a\\b",
        "{1}",
        "#x",
        "</script>",
        "`id`",
        "50%",
        "🚀?",
    ];
    let words: Vec<String> = patterns
        .iter()
        .flat_map(|it| {
            [it.replace(['*', '?'], "z"), it.replace('*', ""), format!("{it}x"), format!("x{it}"), it.to_uppercase()]
        })
        .chain(["", "ab", "a", "aab", "\\", "\n"].map(str::to_owned))
        .collect();
    // As GitLab does: `\/` undone, then a search for a match anywhere.
    let search = "import json, sys, re2\n\
                  asked = json.load(open(sys.argv[1]))\n\
                  found = [[re2.search(it[1:-1].replace(r'\\/', '/'), word) is not None for word in asked['words']]\n\
                  \x20        for it in asked['expressions']]\n\
                  json.dump(found, sys.stdout)";
    let expressions = patterns.map(|it| all(&[Test::Like("V", it.to_owned())]).replace("$V =~ ", ""));
    let asked = folder("re2").join("asked.json");
    fs::write(&asked, serde_json::json!({ "expressions": expressions, "words": words }).to_string()).unwrap();
    let found: Vec<Vec<bool>> = serde_json::from_str(&answer(python.args(["-c", search]).arg(&asked))).unwrap();
    for (pattern, found) in patterns.iter().zip(found) {
        for (word, found) in words.iter().zip(found) {
            // No ref holds a line break, and `.` takes none.
            let meant = Pattern::like(pattern, false).unwrap().matches(word) && !word.contains('\n');
            assert_eq!(found, meant, "{pattern:?} and {word:?}");
        }
    }
}

#[test]
fn cfn_lint_finds_nothing_and_would() {
    let Some(mut lint) = program("cfn-lint") else { return };
    let files = written("cfn-lint", Kind::CloudFormation, "*.yaml");
    answer(
        lint.args(["--include-checks", "I", "--ignore-checks", "I3042", "--regions", "us-east-1", "--template"])
            .args(&files),
    );
    // It reads the roles' and the provider's properties: a wrong one is found.
    let text = fs::read_to_string(&files[0]).unwrap();
    for (right, wrong) in
        [("MaxSessionDuration: ", "MaxSessionDuration: 9"), ("ClientIdList:", "ClientIDList:"), ("- Arn", "- Ann")]
    {
        let path = files[0].with_extension("wrong.yaml");
        fs::write(&path, text.replace(right, wrong)).unwrap();
        let output = program("cfn-lint").unwrap().arg("--template").arg(&path).output().unwrap();
        assert!(text.contains(right) && !output.status.success(), "{wrong}");
    }
}

#[test]
fn zip_readers_read_the_archive() {
    let Some(mut python) = program("python3") else { return };
    let folder = folder("archive");
    let read = "import json, sys, zipfile\n\
                archives = [zipfile.ZipFile(it) for it in sys.argv[1:]]\n\
                assert all(it.testzip() is None for it in archives)\n\
                json.dump([{it.filename: [archive.read(it).decode(), it.external_attr >> 16, it.date_time] for it in archive.infolist()}\n\
                \x20          for archive in archives], sys.stdout)";
    let setups = common::setups();
    let mut paths = Vec::new();
    for (name, setup) in &setups {
        let archive = archive(setup);
        assert_eq!(archive.name, format!("claimcheck-{}.zip", setup.aws().account_id));
        assert_eq!(archive, claimcheck::generate::archive(setup), "{name}: same setup, same bytes");
        paths.push(folder.join(format!("{name}.zip")));
        fs::write(&paths[paths.len() - 1], archive.bytes).unwrap();
    }
    let said: Vec<Json> = serde_json::from_str(&answer(python.args(["-c", read]).args(&paths))).unwrap();
    for ((name, setup), said) in setups.iter().zip(&said) {
        let files = claimcheck::generate::files(setup);
        assert_eq!(said.as_object().unwrap().len(), files.len(), "{name}");
        for file in files {
            let mode = if file.name.ends_with(".sh") { 0o100_755 } else { 0o100_644 };
            assert_eq!(
                said[&file.name],
                serde_json::json!([file.text, mode, [1980, 1, 1, 0, 0, 0]]),
                "{name}: {}",
                file.name
            );
        }
    }
    let Some(mut unzip) = program("unzip") else { return };
    answer(unzip.arg("-t").arg(&paths[0]));
}

#[test]
fn shellcheck_finds_nothing_in_the_scripts() {
    let folder = folder("shellcheck");
    // The functions in it are the same for every setup: one that makes the provider and one that does not, and all in one shell.
    let scripts = written("create-roles-sh", Kind::AwsCli, "*.sh");
    let mut files: Vec<PathBuf> = scripts
        .iter()
        .filter(|it| it.ends_with("odd-refs.sh") || it.ends_with("existing-provider.sh"))
        .cloned()
        .collect();
    let Some(mut shellcheck) = program("shellcheck") else { return };
    answer(shellcheck.args(["--severity", "style"]).args(&scripts));
    for (name, setup) in common::setups() {
        for (at, job) in jobs::scripts(&setup).into_iter().enumerate() {
            let path = folder.join(format!("{name}-{at}.sh"));
            fs::write(&path, job).unwrap();
            files.push(path);
        }
    }
    for shell in ["sh", "bash", "dash", "busybox"] {
        let Some(mut shellcheck) = program("shellcheck") else { return };
        answer(shellcheck.args(["--severity", "style", "--shell", shell]).args(&files));
    }
}
