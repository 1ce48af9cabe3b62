//! Every rule held to its own explanation: the sections, the examples, the fixes; and `docs/rules.md`, which is made of them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's own data")]
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use claimcheck::lint::{Bench, File, Finding, RULES, Rule, apply, lint};
use claimcheck::source::{Kind, read};
use claimcheck::verdict::Circumstances;

/// The files of one example, and whether the rule has something to say about them.
struct Example {
    is_bad: bool,
    texts: Vec<String>,
}

/// The examples of an explanation. A fence is one; a fence marked `also` is one more file of the example before it.
fn examples(explanation: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut lines = explanation.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        let text = text.join("\n") + "\n";
        let words: Vec<&str> = info.split(' ').collect();
        assert!(["json", "hcl", "yaml"].contains(&words[0]), "{info}");
        match words[1..] {
            ["bad"] => found.push(Example { is_bad: true, texts: vec![text] }),
            ["good"] => found.push(Example { is_bad: false, texts: vec![text] }),
            ["bad" | "good", "also"] => found.last_mut().unwrap().texts.push(text),
            _ => panic!("no example is marked {info:?}"),
        }
    }
    found
}

fn files(texts: &[String]) -> Vec<File> {
    let file = |(at, text): (usize, &String)| File {
        name: format!("file {}", at + 1),
        text: text.clone(),
        source: read(text, &[]),
    };
    texts.iter().enumerate().map(file).collect()
}

fn findings(files: &[File]) -> Vec<Finding> {
    lint(&Bench::new(files, &Circumstances::default()))
}

fn count(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut count = BTreeMap::new();
    for it in findings {
        *count.entry(it.rule.id.as_str()).or_default() += 1;
    }
    count
}

#[test]
fn every_rule_has_a_name_a_summary_and_the_sections() {
    for pair in RULES.windows(2) {
        assert!(pair[0].id < pair[1].id, "{} before {}", pair[0].id.as_str(), pair[1].id.as_str());
    }
    for rule in RULES {
        let id = rule.id.as_str();
        assert!(id.chars().all(|it| it.is_ascii_lowercase() || it == '-' || it.is_ascii_digit()), "{id}");
        assert!(!rule.summary.ends_with('.') && rule.summary.len() < 80, "{id}: {}", rule.summary);
        let headings: Vec<&str> = rule.explanation.lines().filter(|it| it.starts_with('#')).collect();
        assert_eq!(headings, ["## Why it matters", "## What to do", "## Examples", "## References"], "{id}");
        let first = rule.explanation.lines().next().unwrap();
        assert!(first.ends_with('.') && first.len() < 160, "{id}: {first}");
        let references = rule.explanation.split("## References\n").nth(1).unwrap();
        for line in references.lines() {
            assert!(line.starts_with("- ") && line.contains(". https://"), "{id}: {line}");
        }
        let name = id.replace('-', "_");
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
        let folders =
            fs::read_dir(&rules).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir()).chain([rules.clone()]);
        let has_both = |it: &Path| ["rs", "md"].iter().all(|end| it.join(&name).with_extension(end).is_file());
        assert_eq!(folders.filter(|it| has_both(it)).count(), 1, "{id}");
    }
}

#[test]
fn a_bad_example_has_one_finding_and_a_good_one_none() {
    for rule in RULES {
        let id = rule.id.as_str();
        let examples = examples(rule.explanation);
        assert!(examples.iter().any(|it| it.is_bad) && examples.iter().any(|it| !it.is_bad), "{id}");
        for example in examples {
            let files = files(&example.texts);
            for file in &files {
                assert_ne!(file.source.kind, Kind::Nothing, "{id}: {}", file.text);
                assert_eq!(file.source.problems, [], "{id}: {}", file.text);
            }
            let findings = findings(&files);
            let own = findings.iter().filter(|it| it.rule == rule).count();
            assert_eq!(
                own,
                usize::from(example.is_bad),
                "{id}: {:?} in\n{}",
                count(&findings),
                example.texts.join("\n")
            );
            findings.iter().for_each(|it| of_good_style(it, &files));
        }
    }
}

/// A message for people, and places that exist.
fn of_good_style(it: &Finding, files: &[File]) {
    let id = it.rule.id.as_str();
    for words in [&it.message, &it.help] {
        assert!(!words.contains('\n') && !words.ends_with('.'), "{id}: {words}");
        assert!(
            !words.starts_with(|c: char| c.is_uppercase())
                || words.starts_with("AWS")
                || words.starts_with("IAM")
                || words.starts_with("STS")
                || words.starts_with("GitLab"),
            "{id}: {words}"
        );
    }
    let places = it.related.iter().map(|it| (it.file, it.span)).chain([(it.file, it.span)]);
    for (file, span) in places {
        assert!(files[file].text.get(span.start..span.end).is_some(), "{id}: {span:?}");
    }
    assert!(it.related.iter().all(|place| (place.file, place.span) != (it.file, it.span)), "{id}");
}

#[test]
fn a_fix_removes_its_finding_and_adds_none() {
    for rule in RULES {
        for example in examples(rule.explanation).iter().filter(|it| it.is_bad) {
            let before = files(&example.texts);
            let found = findings(&before);
            for finding in found.iter().filter(|it| it.rule == rule) {
                let Some(fix) = &finding.fix else { continue };
                let texts: Vec<String> = before
                    .iter()
                    .enumerate()
                    .map(|(at, file)| apply(&file.text, fix.edits.iter().filter(|it| it.file == at)))
                    .collect();
                let after = files(&texts);
                assert!(after.iter().all(|it| it.source.problems.is_empty()), "{}", texts.join("\n"));
                let (had, has) = (count(&found), count(&findings(&after)));
                assert!(
                    !has.contains_key(rule.id.as_str()),
                    "{}: still there in\n{}",
                    rule.id.as_str(),
                    texts.join("\n")
                );
                for (id, count) in has {
                    assert!(
                        Some(&count) <= had.get(id),
                        "{}: its fix adds {id} in\n{}",
                        rule.id.as_str(),
                        texts.join("\n")
                    );
                }
            }
        }
    }
}

/// All explanations as one page.
fn page() -> String {
    let mut out = "# Rules\n\nMade from the rules' own explanations, `src/lint/rules/*.md`, by `UPDATE_GOLDENS=1 cargo test --test lint`.\n\n".to_owned();
    out.push_str("| rule | severity | what it finds |\n|---|---|---|\n");
    for it in RULES {
        out.push_str(&format!("| [`{0}`](#{0}) | {1} | {2} |\n", it.id.as_str(), it.severity.as_str(), it.summary));
    }
    for it in RULES {
        out.push_str(&section(it));
    }
    out
}

fn section(it: &Rule) -> String {
    let mut in_fence = false;
    let body: Vec<String> = it
        .explanation
        .lines()
        .map(|line| {
            in_fence ^= line.starts_with("```");
            if line.starts_with("## ") && !in_fence { format!("#{line}") } else { line.to_owned() }
        })
        .collect();
    let (severity, confidence) = (it.severity.as_str(), it.confidence.as_str());
    format!("\n## {}\n\nSeverity {severity}, confidence {confidence}.\n\n{}\n", it.id.as_str(), body.join("\n"))
}

#[test]
fn the_page_of_rules_is_made_of_their_explanations() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&path, page()).unwrap();
        return;
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(present == page(), "docs/rules.md is stale: UPDATE_GOLDENS=1 cargo test --test lint");
}

/// A job as GitLab's own page shows it, "Configure OpenID Connect in AWS".
const GITLABS_OWN: &str = r#"assume role:
  id_tokens:
    GITLAB_OIDC_TOKEN:
      aud: https://gitlab.example.com
  script:
    # this is split out for correct exit code handling
    - >
      aws_sts_output=$(aws sts assume-role-with-web-identity
      --role-arn ${ROLE_ARN}
      --role-session-name "GitLabRunner-${CI_PROJECT_ID}-${CI_PIPELINE_ID}"
      --web-identity-token ${GITLAB_OIDC_TOKEN}
      --duration-seconds 3600
      --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'
      --output text)
    - export $(printf "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s" $aws_sts_output)
    - aws sts get-caller-identity
"#;

#[test]
fn jobs_that_are_right_have_no_findings() {
    let found = findings(&files(&[GITLABS_OWN.to_owned()]));
    assert!(found.is_empty(), "{:?}", count(&found));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found = Vec::new();
    for folder in fs::read_dir(golden).unwrap().map(|it| it.unwrap().path()) {
        let mut texts = vec![fs::read_to_string(folder.join(".gitlab-ci.yml")).unwrap()];
        for file in fs::read_dir(&folder).unwrap().map(|it| it.unwrap()) {
            if file.file_name().to_string_lossy().starts_with("trust-policy") {
                texts.push(fs::read_to_string(file.path()).unwrap());
            }
        }
        let files = files(&texts);
        assert!(files[0].source.ci.as_ref().is_some_and(|it| !it.jobs.is_empty()), "{}", folder.display());
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let own = findings(&files).into_iter().filter(|it| it.file == 0);
        found.extend(own.map(|it| format!("{name}: {}", it.rule.id.as_str())));
    }
    // The setup itself names this image without a version.
    assert_eq!(found, ["awkward-job: ci-image-not-pinned"]);
}

/// A trust policy for GitLab.com with these conditions.
fn gitlab_com(conditions: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
  "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}, "Condition": {{{conditions}}}}}}}"#
    )
}

#[test]
fn words_follow_what_else_is_asked_for() {
    let any_branch = r#""StringLike": {"gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:*"}"#;
    let group = r#""StringLike": {"gitlab.com:sub": "project_path:g/*:ref_type:branch:ref:main"}"#;
    for (sub, beside, rule, words, is_there) in [
        (any_branch, "", "subject-any-branch", "merge requests", true),
        (any_branch, r#""pipeline_source": "schedule""#, "subject-any-branch", "merge requests", false),
        (
            any_branch,
            r#""pipeline_source": ["push", "merge_request_event"]"#,
            "subject-any-branch",
            "merge requests",
            true,
        ),
        (group, "", "subject-whole-group", "subgroups", true),
        (group, r#""namespace_id": "72""#, "subject-whole-group", "subgroups", false),
        (group, r#""namespace_id": "72""#, "subject-whole-group", "directly in the namespace `72`", true),
    ] {
        let beside = beside.replacen('"', "\"gitlab.com:", 1);
        let text = gitlab_com(&format!(r#""StringEquals": {{{beside}}}, {sub}"#));
        let found = findings(&files(&[text]));
        let messages: Vec<&str> =
            found.iter().filter(|it| it.rule.id.as_str() == rule).map(|it| it.message.as_str()).collect();
        assert_eq!(messages.len(), 1, "{sub} {beside}");
        assert_eq!(messages[0].contains(words), is_there, "{beside}: {messages:?}");
    }
}

#[test]
fn an_action_that_comes_with_no_token_is_needless_beside_the_one_that_does() {
    let conditions = r#""StringEquals": {"gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "4711",
        "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main"}"#;
    let own = r#""Action": "sts:AssumeRoleWithWebIdentity""#;
    for (actions, rule) in [
        (r#"["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"]"#, "action-needless"),
        (r#"["sts:AssumeRoleWithWebIdentity", "sts:assumerolewithsaml"]"#, "action-needless"),
        (r#"["sts:AssumeRole"]"#, "action-not-web-identity"),
    ] {
        let text = gitlab_com(conditions).replace(own, &format!(r#""Action": {actions}"#));
        assert_eq!(count(&findings(&files(&[text]))), BTreeMap::from([(rule, 1)]), "{actions}");
    } // A SAML provider comes with the other.
    let saml = r#""Federated": ["arn:aws:iam::123456789012:saml-provider/idp", "#;
    let text = gitlab_com(conditions)
        .replace(own, r#""Action": ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"]"#)
        .replace(r#""Federated": "#, saml)
        .replace("gitlab.com\"},", "gitlab.com\"]},");
    assert!(text.contains("saml-provider") && !count(&findings(&files(&[text]))).contains_key("action-needless"));
}
