//! `claimcheck lint` and `explain` as people and pipelines call them: every format, every exit status, hostile files.

#![expect(clippy::unwrap_used, reason = "a test's own data")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

/// What a call answered.
struct Answer {
    status: i32,
    out: String,
    err: String,
}

/// Calls the command in `tests/lint`, where the files of the goldens are.
fn call_in(folder: &Path, arguments: &[&str], input: &[u8]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_claimcheck"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A command that refuses early closes its input; what is left unread is no failure of the test.
    let writer = std::thread::spawn(move || _ = stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Answer {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
}

fn call(arguments: &[&str], input: &[u8]) -> Answer {
    call_in(&samples(), arguments, input)
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lint").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The calls whose answers are kept: arguments, and the golden's name.
const GOLDENS: [(&[&str], &str); 4] = [
    (&["lint", "role.json", "./provider.json"], "report.txt"),
    (&["lint", "--format", "json", "role.json", "./provider.json"], "report.json"),
    (&["lint", "--format", "gitlab", "role.json", "./provider.json"], "code-quality.json"),
    (&["lint", "--format", "sarif", "role.json", "./provider.json"], "report.sarif"),
];

#[test]
fn each_format_is_the_golden_one() {
    let mut wrong = Vec::new();
    for (arguments, name) in GOLDENS {
        let answer = call(arguments, b"");
        assert_eq!((answer.status, answer.err.as_str()), (1, ""), "{name}");
        let path = samples().join(name);
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&path, &answer.out).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != answer.out {
            wrong.push(format!("{name} is now\n{}", answer.out));
        }
    }
    assert!(wrong.is_empty(), "UPDATE_GOLDENS=1 writes them anew:\n{}", wrong.join("\n"));
}

#[test]
fn carets_stand_under_the_place_whatever_is_before_it() {
    let text = fs::read_to_string(samples().join("role.json")).unwrap();
    // Tabs, wide characters and a line of a thousand columns before it.
    for before in ["", "\t", "\"日本語\": 1, ", &format!("\"{}\": 1, ", "x".repeat(1_000))] {
        let text = text.replace("\"Arn\"", &format!("{before}\"Arn\""));
        let answer = call(&["lint", "-"], text.as_bytes());
        let lines: Vec<&str> = answer.out.lines().collect();
        let at = lines.iter().position(|it| it.ends_with("^ the role's account")).unwrap();
        let width = |text: &str| text.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
        let (caret, end) = (lines[at].find('^').unwrap(), lines[at].rfind('^').unwrap());
        let (mut under, mut column) = (String::new(), 0);
        for c in lines[at - 1].chars() {
            if column >= caret && column <= end {
                under.push(c);
            }
            column += width(&c.to_string());
        }
        assert_eq!(under, "\"arn:aws:iam::210987654321:role/gitlab-deploy\"", "{}", answer.out);
        assert!(lines[at].len() < 140, "{}", answer.out);
    }
}

#[test]
fn a_reference_without_a_value_is_said() {
    let terraform = b"data \"aws_iam_policy_document\" \"a\" {\n  statement {\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    \
        principals {\n      type = \"Federated\"\n      identifiers = [\"arn:aws:iam::123456789012:oidc-provider/gitlab.com\"]\n    }\n    \
        condition {\n      test = \"StringLike\"\n      variable = \"gitlab.com:sub\"\n      values = var.subjects\n    }\n  }\n}\n";
    let words = "standard input: note: line 11, column 16: `var.subjects` has no value here";
    let answer = call(&["lint", "-"], terraform);
    assert!(answer.err.contains(words), "{}", answer.err);
    let answer = call(&["lint", "-", "--var", "subjects=project_path:a/b:ref_type:branch:ref:main"], terraform);
    assert!(!answer.err.contains("has no value"), "{}", answer.err);
}

#[test]
fn the_status_is_by_severity_and_unreadable_files_hide_nothing() {
    let all = ["role.json", "provider.json"];
    for (more, status) in [
        (vec![], 1),
        (vec!["--fail-on", "info"], 1),
        (vec!["--fail-on", "medium"], 1),
        (vec!["--fail-on", "high"], 0),
        (vec!["--fail-on", "critical"], 0),
    ] {
        let answer = call(&[&["lint"], &all[..], &more[..]].concat(), b"");
        assert_eq!(answer.status, status, "{more:?}");
        assert!(answer.out.contains("role-other-account"), "{}", answer.out);
    }
    let answer = call(&["lint", "--fail-on", "terrible", "role.json"], b"");
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("one of critical, high, medium, low, info"), "{}", answer.err);
    let answer = call(&["lint", "provider.json"], b"");
    assert_eq!((answer.status, answer.out.as_str()), (0, "1 file, 1 provider: no findings\n"));
    let answer = call(&["lint", "role.json", "-"], b"{\"Statement\": [");
    assert_eq!(answer.status, 2);
    assert!(answer.out.contains("role-other-account"), "{}", answer.out);
    assert!(answer.err.contains("standard input: line 1, column "), "{}", answer.err);
    assert!(answer.out.contains("2 files, 1 trust policy, 1 not read whole: "), "{}", answer.out);
    let bucket = br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}"#;
    let answer = call(&["lint", "-"], bucket);
    assert!(answer.out.ends_with("1 file: 1 finding (1 info)\n"), "{}", answer.out);
    let answer = call(&["lint", "no-such-file.json"], b"");
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("cannot read no-such-file.json"), "{}", answer.err);
    for (more, words) in
        [(["--var", "x"], "NAME=VALUE"), (["--context", "x"], "KEY=VALUE"), (["--account", "12"], "--account")]
    {
        let answer = call(&[&["lint", "role.json"], &more[..]].concat(), b"");
        assert_eq!(answer.status, 2);
        assert!(answer.err.contains(words), "{}", answer.err);
    }
}

#[test]
fn fixes_are_written_and_never_open_the_role_further() {
    let folder = folder("fix");
    let policy = |principal: &str, subject: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/{principal}"}},
            "Condition": {{"StringEquals": {{"gitlab.com:aud": "https://gitlab.com"}}, "StringLike": {{"gitlab.com:sub": "{subject}"}}}}}}]}}"#
        )
    };
    let whole = "project_path:mygroup/*:ref_type:branch:ref:main";
    let one = "project_path:mygroup/myrepo:ref_type:branch:ref:main";
    let full = |subject: &str| subject.replace("main", "refs/heads/main");
    for (was, is) in [
        // Each of the two mistakes keeps everybody out: one is mended, and the group stays out.
        (policy("https://gitlab.com", &full(whole)), Some(policy("gitlab.com", &full(whole)))),
        (policy("gitlab.com", &full(whole)), None),
        (policy("https://gitlab.com", whole), None),
        (policy("https://gitlab.com", one), Some(policy("gitlab.com", one))),
        (policy("gitlab.com", one), None),
    ] {
        let path = folder.join("trust.json");
        fs::write(&path, &was).unwrap();
        let answer = call(&["lint", "--fix", path.to_str().unwrap()], b"");
        let now = fs::read_to_string(&path).unwrap();
        assert_eq!(now, is.unwrap_or(was), "{}{}", answer.out, answer.err);
    }
}

#[test]
fn a_report_goes_into_a_file_and_the_log_has_text() {
    let folder = folder("out");
    for name in ["role.json", "provider.json"] {
        fs::copy(samples().join(name), folder.join(name)).unwrap();
    }
    let answer = call_in(&folder, &["lint", "role.json", "--format", "gitlab", "--out", "quality.json"], b"");
    assert_eq!(answer.status, 1);
    assert!(answer.out.contains("^^^"), "{}", answer.out);
    let report: Json = serde_json::from_str(&fs::read_to_string(folder.join("quality.json")).unwrap()).unwrap();
    assert!(report.as_array().unwrap().iter().any(|it| it["check_name"] == "role-other-account"), "{report}");
    let answer = call_in(&folder, &["lint", "provider.json", "--format", "gitlab"], b"");
    assert_eq!((answer.status, answer.out.as_str()), (0, "[]\n"));
}

/// GitLab's documentation, "Code Quality report format": these fields, all of them, and no others that we write.
#[test]
fn the_code_quality_report_is_what_gitlab_reads() {
    let answer = call(&["lint", "--format", "gitlab", "role.json", "./provider.json"], b"");
    let report: Json = serde_json::from_str(&answer.out).unwrap();
    let entries = report.as_array().unwrap();
    assert!(!answer.out.starts_with('\u{feff}') && !entries.is_empty());
    let mut seen = std::collections::HashSet::new();
    for it in entries {
        let keys: Vec<&String> = it.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["description", "check_name", "fingerprint", "severity", "location"]);
        assert!(!it["description"].as_str().unwrap().is_empty());
        let fingerprint = it["fingerprint"].as_str().unwrap();
        assert!(fingerprint.len() == 32 && fingerprint.bytes().all(|it| it.is_ascii_hexdigit()));
        assert!(seen.insert(fingerprint.to_owned()), "each has its own");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&it["severity"].as_str().unwrap()));
        let path = it["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/'), "{path}");
        assert!(it["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn a_file_of_the_folder_at_hand_is_named_from_there() {
    let folder = folder("named");
    fs::create_dir_all(folder.join("sub")).unwrap();
    fs::copy(samples().join("role.json"), folder.join("sub/role.json")).unwrap();
    let absolute = folder.join("sub/role.json");
    let of = |name: &str| {
        let answer = call_in(&folder, &["lint", "--format", "gitlab", name], b"");
        let report: Json = serde_json::from_str(&answer.out).unwrap();
        let first = &report.as_array().unwrap()[0];
        let sarif = call_in(&folder, &["lint", "--format", "sarif", name], b"").out;
        let uri = sarif.split_once("\"uri\": \"").unwrap().1.split('"').next().unwrap().to_owned();
        [first["location"]["path"].as_str().unwrap().to_owned(), uri, first["fingerprint"].to_string()]
    };
    let relative = of("sub/role.json");
    assert_eq!(relative[..2], ["sub/role.json", "sub/role.json"]);
    assert_eq!(of(absolute.to_str().unwrap()), relative);
    // What lies elsewhere has no name in the repository.
    let outside = samples().join("role.json").to_str().unwrap().to_owned();
    assert_eq!(of(&outside)[..2], [outside.clone(), format!("file://{outside}")]);
    #[cfg(unix)]
    {
        let link = folder.join("link");
        std::os::unix::fs::symlink(folder.join("sub"), &link).unwrap();
        assert_eq!(of(link.join("role.json").to_str().unwrap())[0], "link/role.json");
    }
}

#[test]
fn a_fingerprint_stays_while_lines_move() {
    let text = fs::read_to_string(samples().join("role.json")).unwrap();
    let prints = |text: &str| {
        let answer = call(&["lint", "-", "--format", "gitlab"], text.as_bytes());
        let report: Json = serde_json::from_str(&answer.out).unwrap();
        let of = |key: &str| report.as_array().unwrap().iter().map(|it| it[key].to_string()).collect::<Vec<_>>();
        (of("fingerprint"), of("location"))
    };
    let (before, after) = (prints(&text), prints(&format!("\n\n{text}")));
    assert_eq!(before.0, after.0);
    assert_ne!(before.1, after.1);
    assert_ne!(before.0, prints(&text.replace("123456789012", "123456789013")).0);
}

#[test]
fn no_part_of_a_token_is_ever_printed() {
    let payload = "eyJpc3MiOiJodHRwczovL2dpdGxhYi5leGFtcGxlLmNvbSIsImF1ZCI6ImEiLCJzdWIiOiJzIiwiaWF0IjoxLCJleHAiOjJ9";
    let token = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.{payload}.c2lnbmF0dXJl");
    for format in ["text", "json", "gitlab", "sarif"] {
        let answer = call(&["lint", "--format", format, "-", "provider.json"], token.as_bytes());
        assert_eq!(answer.status, 1, "{}", answer.err);
        assert!(answer.out.contains("token-without-provider"), "{}", answer.out);
        assert!(!answer.out.contains("eyJ") && !answer.out.contains("c2lnb") && answer.err.is_empty());
    }
}

#[test]
fn hostile_files_end_in_a_message() {
    let deep = "[".repeat(2_000_000);
    let nested = format!("{{\"Statement\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let statement = r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"gitlab.com:sub":VALUES}}}"#;
    let policy = |statements: &str| format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}");
    let many = policy(&vec![statement.replace("VALUES", "\"project_path:a/*\""); 8_000].join(","));
    let values: Vec<String> = (0..40_000).map(|it| format!("\"project_path:a/b{it}*\"")).collect();
    let values = policy(&statement.replace("VALUES", &format!("[{}]", values.join(","))));
    let role = |at: usize| {
        let document = policy(&statement.replace("VALUES", "\"project_path:a/*\""));
        format!(
            "{{\"RoleName\":\"r{at}\",\"Arn\":\"arn:aws:iam::123456789012:role/r{at}\",\"AssumeRolePolicyDocument\":{document}}}"
        )
    };
    let roles = format!("{{\"Roles\":[{}]}}", (0..5_000).map(role).collect::<Vec<_>>().join(","));
    let inputs: [(&str, Vec<u8>); 10] = [
        ("empty", Vec::new()),
        ("not UTF-8", vec![0xff, 0xfe, 0, 1]),
        ("ten megabytes", vec![b'a'; 10_000_000]),
        ("a hundred megabytes", vec![b' '; 100_000_000]),
        ("deep", deep.into_bytes()),
        ("nested", nested.into_bytes()),
        ("prose", b"Dear reader, this is a letter.".to_vec()),
        ("many statements", many.into_bytes()),
        ("many values", values.into_bytes()),
        ("many roles", roles.into_bytes()),
    ];
    for (name, input) in inputs {
        for format in ["text", "sarif"] {
            let start = Instant::now();
            let answer = call(&["lint", "--format", format, "-", "provider.json"], &input);
            assert!((0..=2).contains(&answer.status), "{name}: {}", answer.status);
            assert!(start.elapsed() < Duration::from_secs(20), "{name} took {:?}", start.elapsed());
            assert!(answer.status != 2 || !answer.err.is_empty(), "{name}");
            assert!(answer.err.len() < 2_000, "{name}");
            assert_eq!(answer.status, if name.starts_with("many") { 1 } else { 2 }, "{name}");
        }
    }
}

#[test]
fn names_of_files_cannot_write_on_the_terminal() {
    let folder = folder("names");
    let name = "a\u{1b}[31mb é#%.json";
    fs::copy(samples().join("role.json"), folder.join(name)).unwrap();
    let answer = call_in(&folder, &["lint", name], b"");
    assert!(answer.out.contains("a\\u{1b}[31mb é#%.json:") && !answer.out.contains('\u{1b}'), "{}", answer.out);
    let answer = call_in(&folder, &["lint", "--format", "sarif", name], b"");
    let report: Json = serde_json::from_str(&answer.out).unwrap();
    let place = &report["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%1B%5B31mb%20%C3%A9%23%25.json");
}

#[test]
fn explain_lists_and_explains() {
    let answer = call(&["explain"], b"");
    assert_eq!(answer.status, 0);
    for rule in claimcheck::lint::RULES {
        assert!(answer.out.contains(rule.id.as_str()) && answer.out.contains(rule.summary));
        let own = call(&["explain", rule.id.as_str()], b"");
        assert_eq!(own.status, 0);
        assert!(own.out.contains(rule.explanation) && own.out.contains(rule.severity.as_str()));
    }
    for stage in claimcheck::verdict::Stage::CALL {
        assert!(answer.out.contains(stage.as_str()));
        assert_eq!(call(&["explain", stage.as_str()], b"").status, 0);
    }
    for error in claimcheck::doctor::known() {
        let own = call(&["explain", error.id], b"");
        assert!(own.status == 0 && own.out.contains(error.says) && answer.out.contains(error.id), "{}", error.id);
        assert!(error.causes.iter().all(|it| own.out.contains(it.what)), "{}", own.out);
    }
    let answer = call(&["explain", "role-other-acount"], b"");
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("did you mean `role-other-account`?"), "{}", answer.err);
}
