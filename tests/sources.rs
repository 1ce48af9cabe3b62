//! What this program generates, it reads back as the same; what people have is read as they mean it; and what would never end is ended, in time.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use claimcheck::aws::policy::PrincipalKind;
use claimcheck::document::json::{self, Node};
use claimcheck::print::json::compact;
use claimcheck::source::{self, Kind, Source};
use claimcheck::verdict::Evidence;

/// The files generated for each of the tests' setups.
fn golden() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folders = fs::read_dir(root).expect("the golden files").flatten().map(|it| it.path());
    let mut folders: Vec<PathBuf> = folders.filter(|it| it.is_dir()).collect();
    folders.sort();
    assert!(folders.len() > 10);
    folders
}

/// The trust policies of a folder, by their roles' names.
fn policies(folder: &PathBuf) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|it| it.path()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if let Some(role) = name.strip_prefix("trust-policy-").and_then(|it| it.strip_suffix(".json")) {
            let text = fs::read_to_string(&path).expect("a policy");
            found.push((role.to_owned(), said(&json::parse(&text).expect("JSON"))));
        }
    }
    found.sort();
    found
}

/// What a document says, without regard to the order of keys and to lists of one.
fn said(node: &Node) -> String {
    fn sorted(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Array(items) if items.len() == 1 => items.into_iter().map(sorted).next().expect("one"),
            serde_json::Value::Array(items) => items.into_iter().map(sorted).collect(),
            serde_json::Value::Object(members) => {
                let mut members: Vec<_> = members.into_iter().map(|(key, value)| (key, sorted(value))).collect();
                members.sort_by(|a, b| a.0.cmp(&b.0));
                members.into_iter().collect()
            }
            it => it,
        }
    }
    sorted(serde_json::from_str(&compact(node)).expect("JSON")).to_string()
}

fn read(folder: &std::path::Path, name: &str, variables: &[(String, String)]) -> Option<Source> {
    let text = fs::read_to_string(folder.join(name)).ok()?;
    let source = source::read(&text, variables);
    assert_eq!(source.problems, [], "{}", folder.display());
    Some(source)
}

fn found(source: &Source) -> Vec<(String, String)> {
    let mut found: Vec<_> = source
        .policies
        .iter()
        .map(|it| (it.role_name.as_ref().map(|it| it.value.clone()).unwrap_or_default(), said(&it.document)))
        .collect();
    found.sort();
    found
}

#[test]
fn our_terraform_reads_back_as_our_policies() {
    let mut compared = 0;
    for folder in golden() {
        let Some(source) = read(&folder, "main.tf", &[]) else { continue };
        assert_eq!(source.kind, Kind::Terraform);
        assert_eq!(source.unknown, [], "{}", folder.display());
        assert_eq!(found(&source), policies(&folder), "{}", folder.display());
        compared += source.policies.len();
    }
    assert!(compared > 15, "{compared}");
}

/// A role of Terraform with this policy.
fn role(policy: &str) -> String {
    format!("resource \"aws_iam_role\" \"r\" {{\n  name = \"ci\"\n  assume_role_policy = {policy}\n}}\n")
}

#[test]
fn references_without_end_end() {
    let mut doubling = role("jsonencode(local.v0)") + "locals {\n";
    for at in 0..60 {
        doubling += &format!("  v{at} = [local.v{}, local.v{}]\n", at + 1, at + 1);
    }
    doubling += "}\n";
    let mut growing = role("jsonencode(local.v0)") + "locals {\n";
    for at in 0..39 {
        growing += &format!("  v{at} = \"${{local.v{}}}${{local.v{}}}\"\n", at + 1, at + 1);
    }
    growing += &format!("  v39 = \"{}\"\n}}\n", "x".repeat(10_000));
    // A long pattern for each of many.
    let many = role(&format!(
        "jsonencode({{ Statement = formatlist(\"{}%s\", [{}]) }})",
        "x".repeat(500_000),
        vec!["1"; 50_000].join(", ")
    ));
    let itself = role("jsonencode(local.a)") + "locals {\n  a = local.b\n  b = local.a\n}\n";
    let document = role("data.aws_iam_policy_document.a.json")
        + "data \"aws_iam_policy_document\" \"a\" {\n  source_policy_documents = [data.aws_iam_policy_document.a.json, data.aws_iam_policy_document.a.json]\n}\n";
    let replaced = role("jsonencode(replace(local.a, \"x\", local.a))")
        + &format!("locals {{\n  a = \"{}\"\n}}\n", "x".repeat(900_000));
    // What a name of a `for` stands for, once for each of many.
    let copies = |of: &str| {
        role("jsonencode({ Statement = [for all in [local.a] : [for one in local.b : all]] })")
            + &format!("locals {{\n  a = {of}\n  b = [{}]\n}}\n", vec!["1"; 20_000].join(", "))
    };
    let objects = copies(&format!("[{}]", vec!["\"x\""; 20_000].join(", ")));
    let strings = copies(&format!("\"{}\"", "x".repeat(200_000)));
    for text in [doubling, growing, many, itself, document, replaced, objects, strings] {
        let started = std::time::Instant::now();
        let source = source::read(&text, &[]);
        assert!(
            !source.problems.is_empty() || source.policies.first().is_some_and(|it| it.policy.is_err()),
            "{}",
            &text.chars().take(300).collect::<String>()
        );
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}

#[test]
fn a_list_that_doubles_is_given_up_before_it_is_long() {
    for levels in [8, 12, 13, 16, 20, 39] {
        let mut text = role(
            "jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"sts:A\", Principal = { Federated = local.v0 } }] })",
        );
        text += "locals {\n";
        for at in 0..levels {
            text += &format!("  v{at} = concat(local.v{}, local.v{})\n", at + 1, at + 1);
        }
        text += &format!("  v{levels} = [\"x\", \"y\"]\n}}\n");
        let started = std::time::Instant::now();
        let source = source::read(&text, &[]);
        assert!(started.elapsed().as_millis() < 1_000, "{levels}: {:?}", started.elapsed());
        // What was not followed to its end is no policy.
        if levels > 8 {
            assert_eq!((source.policies.len(), source.problems.len()), (0, 1), "{levels}");
            assert!(source.problems.iter().all(|it| it.message.contains("lead to more than is followed")), "{levels}");
        } else {
            assert_eq!((source.policies.len(), source.problems.len()), (1, 0));
        }
    }
}

/// A text of `tests/cases/sources` as its line of `expected.txt` has it.
fn summary(name: &str, source: &Source) -> String {
    let federated = |it: &claimcheck::source::Found| {
        let policy = it.policy.as_ref().expect("a policy");
        let principals = policy.statements.iter().flat_map(|it| &it.principals);
        let federated = principals.filter(|it| it.kind == PrincipalKind::Federated).map(|it| it.text.value.clone());
        federated.collect::<Vec<_>>()
    };
    let mut lines = vec![format!("{name}: {}, {} policies", source.kind.as_str(), source.policies.len())];
    let mut add = |word: &str, value: &str| lines.push(format!("  {word} {value}"));
    for it in &source.policies {
        federated(it).iter().for_each(|it| add("federated", it));
    }
    source.unknown.iter().for_each(|it| add("unknown", &it.name));
    for it in &source.providers {
        add("provider", it.url.as_ref().map_or("", |it| &it.value));
    }
    for it in source.ci.iter().flat_map(|it| &it.jobs).filter(|it| !it.is_hidden) {
        let tokens: Vec<&str> = it.id_tokens.iter().flat_map(|it| &it.audiences).map(|it| it.value.as_str()).collect();
        let roles: Vec<&str> = it.role_arns.iter().map(|it| it.value.as_str()).collect();
        add("job", &format!("{}, for {}, as {}", it.name.value, tokens.join(" "), roles.join(" ")));
    }
    for it in &source.evidence {
        if let Evidence::Record(it) = it {
            add("record", &format!("{} {}", it.subject, if it.allowed { "allowed" } else { "denied" }));
        }
    }
    source.notes.iter().for_each(|it| add("note", &it.message));
    source.problems.iter().for_each(|it| add("problem", &it.message));
    lines.join("\n") + "\n"
}

#[test]
fn documents_as_people_have_them_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sources");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the documents")
        .map(|it| it.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|it| it != "expected.txt")
        .collect();
    names.sort();
    assert!(names.len() >= 10);
    let read = |name: &String| source::read(&fs::read_to_string(folder.join(name)).expect("a document"), &[]);
    let found: String = names.iter().map(|it| summary(it, &read(it))).collect();
    let expected = fs::read_to_string(folder.join("expected.txt")).expect("what is expected");
    assert!(found == expected, "{found}");
}

/// Expressions, and what Terraform 1.11.4 gave for each with `output "…" { value = tostring(…) }`, `terraform apply` and
/// `terraform output -json`.
#[test]
fn an_expression_comes_to_what_terraform_gives_or_stays_open() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/terraform");
    let names = fs::read_to_string(folder.join("names.tf")).expect("the names");
    let rows = fs::read_to_string(folder.join("expressions.jsonl")).expect("the expressions");
    let (mut known, mut open) = (0, Vec::new());
    for row in rows.lines() {
        let (expression, expected): (String, String) = serde_json::from_str(row).expect("an expression and its value");
        let text = format!(
            "{names}resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{ Statement = [{{ Sid = {expression} }}] }})\n}}\n"
        );
        let source = source::read(&text, &[]);
        let [found] = source.policies.as_slice() else { panic!("{expression}: {:?}", source.problems) };
        let sid = found.document.member("Statement").and_then(Node::as_array).and_then(|it| it.first()?.member("Sid"));
        match sid.map(|it| &it.value).expect("the value") {
            json::Value::Template(pieces) => {
                // What is known of it is so, from the beginning on.
                if let Some(json::Piece::Text(start)) = pieces.first() {
                    assert!(expected.starts_with(start), "{expression}: {start:?}, Terraform gives {expected:?}");
                }
                open.push(expression);
            }
            json::Value::String(it) | json::Value::Number(it) => {
                assert_eq!(*it, expected, "{expression}");
                known += 1;
            }
            json::Value::Bool(it) => {
                assert_eq!(it.to_string(), expected, "{expression}");
                known += 1;
            }
            other => panic!("{expression}: {other:?}"),
        }
    }
    assert!(known > 200, "only {known} are evaluated; open: {open:#?}");
}
