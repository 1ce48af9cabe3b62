//! CI files as people write them.

use super::*;
use crate::source::{Kind, read as read_source};

fn ci(text: &str) -> CiFile {
    let source = read_source(text, &[]);
    assert_eq!((source.kind, source.problems), (Kind::Ci, vec![]), "{text}");
    source.ci.unwrap()
}

fn job(file: &CiFile, name: &str) -> CiJob {
    file.jobs.iter().find(|it| it.name.value == name).unwrap().clone()
}

fn values(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|it| it.value.as_str()).collect()
}

const FILE: &str = r#"
include:
  - project: platform/ci
    file: aws.yml
stages: [plan, apply]
variables:
  AWS_REGION: eu-west-1
  ROLE_ARN:
    value: "arn:aws:iam::123456789012:role/ci/plan"
    description: which role
default:
  image: {name: amazon/aws-cli:2.31, entrypoint: [""]}
  before_script: [echo default]
  id_tokens:
    DEFAULT: {aud: sts.amazonaws.com}

.token: &token
  GITLAB_OIDC_TOKEN:
    aud: https://gitlab.com

.aws:
  id_tokens:
    <<: *token
  variables: {A: "1", B: "2"}
  image:
    name: alpine
  script:
    - >
      aws sts assume-role-with-web-identity
      --role-arn arn:aws:iam::123456789012:role/base
    - - nested
      - echo "${X}"

plan:
  extends: .aws
  stage: plan
  variables:
    B: "3"
    PARTLY: arn:aws:iam::123456789012:role/ci-$ENV
  id_tokens:
    OTHER:
      aud: [a, b]

apply:
  extends: [.missing, .aws]
  environment:
    name: production
    url: https://example.com
  before_script:
    - !reference [.aws, script]
  image: "debian:13"
  script: "echo 'arn:aws-us-gov:iam::210987654321:role/x/y,z'"

plain:
  script: ["true"]

alone:
  inherit: {default: [image]}
  script: ["true"]
"#;

#[test]
fn jobs_have_what_the_file_gives_them() {
    let file = ci(FILE);
    assert!(file.includes);
    assert_eq!(file.variables[1].value.value, "arn:aws:iam::123456789012:role/ci/plan");
    assert_eq!(
        file.jobs.iter().map(|it| it.name.value.as_str()).collect::<Vec<_>>(),
        [".token", ".aws", "plan", "apply", "plain", "alone"]
    );

    let plan = job(&file, "plan");
    let tokens: Vec<_> =
        plan.id_tokens.iter().map(|it| (it.name.value.as_str(), values(&it.audiences), it.is_list)).collect();
    assert_eq!(tokens, [("GITLAB_OIDC_TOKEN", vec!["https://gitlab.com"], false), ("OTHER", vec!["a", "b"], true)]);
    let variables: Vec<_> = plan.variables.iter().map(|it| (it.name.value.as_str(), it.value.value.as_str())).collect();
    assert_eq!(variables, [("A", "1"), ("B", "3"), ("PARTLY", "arn:aws:iam::123456789012:role/ci-$ENV")]);
    assert_eq!(values(&plan.role_arns), ["arn:aws:iam::123456789012:role/base"]);
    assert_eq!(plan.image.as_ref().unwrap().entrypoint, None);
    assert_eq!(plan.scripts[0].text.value, "echo default");
    assert_eq!(plan.scripts[3].verbatim.unwrap().of(FILE), "echo \"${X}\"");

    let apply = job(&file, "apply");
    assert_eq!(values(&apply.extends), [".missing", ".aws"]);
    assert_eq!(apply.environment.unwrap().span.of(FILE), "production");
    assert_eq!(apply.image.as_ref().unwrap().span.of(FILE), "\"debian:13\"");
    assert_eq!(
        values(&apply.role_arns),
        ["arn:aws:iam::123456789012:role/base", "arn:aws-us-gov:iam::210987654321:role/x/y,z"]
    );
    assert_eq!(apply.role_arns[1].span.of(FILE), "arn:aws-us-gov:iam::210987654321:role/x/y,z");
    assert_eq!(apply.scripts.len(), 4);

    let plain = job(&file, "plain");
    assert_eq!(plain.image.unwrap().entrypoint.unwrap(), [""]);
    assert_eq!(values(&plain.id_tokens[0].audiences), ["sts.amazonaws.com"]);
    let alone = job(&file, "alone");
    assert!(alone.id_tokens.is_empty() && alone.image.is_some());
    assert_eq!(alone.scripts.len(), 1);
    assert!(job(&file, ".aws").scripts.iter().all(|it| it.text.value != "echo default"));

    let notes: Vec<String> = read_source(FILE, &[]).notes.into_iter().map(|it| it.message).collect();
    assert_eq!(notes, ["`.missing` is not in this file", "`include:` is not followed: those files are not read"]);
}

#[test]
fn places_of_a_token_are_exact() {
    let file = ci(FILE);
    let plan = job(&file, "plan");
    assert_eq!(plan.id_tokens[1].aud_span.unwrap().of(FILE), "[a, b]");
    assert_eq!(plan.id_tokens[1].audiences[1].span.of(FILE), "b");
    assert_eq!(plan.id_tokens[1].span.of(FILE), "OTHER:\n      aud: [a, b]");
    assert_eq!(plan.id_tokens[0].audiences[0].span.of(FILE), "https://gitlab.com");
}

#[test]
fn an_audience_may_come_from_elsewhere_or_be_missing() {
    let file = ci(
        ".a: {aud: [x]}\n.b:\n  id_tokens: {T: {aud: y}, U: {aud: z}}\nc:\n  extends: .b\n  script: x\n  id_tokens:\n    T: {}\n    V: {aud: !reference [.a, aud]}\n    W:\n",
    );
    let tokens: Vec<_> = job(&file, "c")
        .id_tokens
        .iter()
        .map(|it| (it.name.value.clone(), it.aud_span.is_some(), values(&it.audiences).join(",")))
        .collect();
    let wanted = [("U", true, "z"), ("T", true, "y"), ("V", true, "x"), ("W", false, "")];
    assert_eq!(tokens, wanted.map(|it| (it.0.to_owned(), it.1, it.2.to_owned())));
}

#[test]
fn a_header_of_inputs_is_passed_over() {
    let file = ci("spec:\n  inputs:\n    x:\n---\nbuild:\n  script: make\n");
    assert_eq!(file.jobs.len(), 1);
}

#[test]
fn what_is_broken_is_said_with_the_place() {
    let text = "build:\n  script: make\n  x: y: z\n";
    let source = read_source(text, &[]);
    assert_eq!(source.kind, Kind::Ci);
    assert!(source.problems[0].message.starts_with("looks like a GitLab CI file, but"), "{:?}", source.problems);
    assert_eq!(crate::text::position(text, source.problems[0].span.unwrap().start).line, 3);
}

#[test]
fn hostile_files_end() {
    // Jobs that extend each other, references in a circle, and many jobs that share a long script.
    let circle = "a: {extends: [b, b, b], script: x}\nb: {extends: [a, a, a], script: !reference [c, script]}\nc: {script: !reference [b, script]}\n";
    assert_eq!(ci(circle).jobs.len(), 3);
    let shared: String = (0..20_000).map(|it| format!("j{it}: {{extends: .s}}\n")).collect();
    let source = read_source(&format!(".s:\n  script: {}\n{shared}", "x".repeat(1_000_000)), &[]);
    assert!(source.problems[0].message.contains("share more"), "{:?}", source.problems);
    let wide: String = (0..60_000).map(|it| format!("j{it}: {{script: x}}\n")).collect();
    assert_eq!(ci(&wide).jobs.len(), 60_000);
}
