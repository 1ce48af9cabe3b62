//! Of several roles in one text the one that is meant is judged, and never another in the place of one that could not be read.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const TOKEN: &str = r#"{"iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": "project_path:a/b:ref_type:branch:ref:main",
    "iat": 1700000000, "nbf": 1700000000, "exp": 1700003600, "project_path": "a/b", "project_id": "7"}"#;

/// The exit status of `check`, and what it complained of.
fn check(name: &str, policy: &str, role: Option<&str>) -> (i32, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sources-roles");
    fs::create_dir_all(&folder).expect("a folder");
    let (token, path) = (folder.join(format!("{name}-token.json")), folder.join(name));
    fs::write(&token, TOKEN).expect("the token");
    fs::write(&path, policy).expect("the policy");
    let mut command = Command::new(env!("CARGO_BIN_EXE_claimcheck"));
    command.arg("check").arg("--policy").arg(&path).arg("--token").arg(&token).args(["--now", "issued"]);
    let output = command.args(role.map(|it| format!("--role={it}"))).output().expect("the command");
    (output.status.code().expect("an exit status"), String::from_utf8(output.stderr).expect("text"))
}

/// A document of Terraform that lets the job in.
const DOCUMENT: &str = r#"
data "aws_iam_policy_document" "base" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/gitlab.com"]
    }
  }
}
"#;

fn role(name: &str, role_name: &str, policy: &str) -> String {
    format!("resource \"aws_iam_role\" \"{name}\" {{\n  name = \"{role_name}\"\n  assume_role_policy = {policy}\n}}\n")
}

#[test]
fn no_other_policy_is_judged_in_the_place_of_one_that_is_not_read() {
    let base = "data.aws_iam_policy_document.base.json";
    let elsewhere = role("deploy", "gitlab-deploy", "file(\"trust.json\")");
    let more = DOCUMENT.to_owned()
        + "data \"aws_iam_policy_document\" \"more\" {\n  source_policy_documents = [data.aws_iam_policy_document.base.json]\n  \
           override_policy_documents = var.overrides\n}\n"
        + &role("deploy", "gitlab-deploy", "data.aws_iam_policy_document.more.json");
    let two = DOCUMENT.to_owned() + &elsewhere + &role("other", "lambda", base);
    let same = DOCUMENT.to_owned() + &role("one", "same", base) + &role("two", "same", base);
    let template = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: {Effect: Allow, \
        Action: 'sts:AssumeRoleWithWebIdentity', Principal: {Federated: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com'}}}\n  \
        R2:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: second\n      AssumeRolePolicyDocument: !Ref Doc\n  \
        R3: {Type: AWS::IAM::Role}\n";
    let document = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}}"#;
    let list = format!(
        r#"{{"Roles": [{{"RoleName": "gitlab", "AssumeRolePolicyDocument": "%7B%22Version"}}, {{"RoleName": "bare"}},
            {{"RoleName": "ecs", "AssumeRolePolicyDocument": {document}}}]}}"#
    );
    for (name, text, role, status, words) in [
        // A document that the role is made of is not the role's.
        ("base.tf", &more, None, 2, vec!["`aws_iam_role.deploy`: `override_policy_documents` is not evaluated"]),
        ("base.tf", &more, Some("gitlab-deploy"), 2, vec!["`aws_iam_role.deploy`: `override_policy_documents`"]),
        (
            "two.tf",
            &two,
            None,
            2,
            vec!["which role?", "one of `aws_iam_role.other`; not read: `aws_iam_role.deploy`: this policy is in"],
        ),
        ("two.tf", &two, Some("deploy"), 2, vec!["`aws_iam_role.deploy`: this policy is in another file"]),
        ("two.tf", &two, Some("lambda"), 0, vec![]),
        (
            "two.tf",
            &two,
            Some("gone"),
            2,
            vec!["there is no role `gone` here; there is `aws_iam_role.other`, `aws_iam_role.deploy`"],
        ),
        ("same.tf", &same, Some("same"), 2, vec!["which role?", "one of `aws_iam_role.one`, `aws_iam_role.two`"]),
        ("same.tf", &same, Some("two"), 0, vec![]),
        (
            "template.yaml",
            &template.to_owned(),
            None,
            2,
            vec!["which role?", "not read: `R2`: ", "; `R3`: a role without"],
        ),
        (
            "template.yaml",
            &template.to_owned(),
            Some("R2"),
            2,
            vec!["`R2`: the value of `Doc` is not in this template"],
        ),
        ("template.yaml", &template.to_owned(), Some("second"), 2, vec!["`R2`: the value of `Doc`"]),
        ("template.yaml", &template.to_owned(), Some("R"), 0, vec![]),
        (
            "roles.json",
            &list,
            None,
            2,
            vec!["which role?", "one of `ecs`; not read: `gitlab`: this string is no", "; `bare`: a role"],
        ),
        ("roles.json", &list, Some("gitlab"), 2, vec!["`gitlab`: this string is no policy document"]),
        ("roles.json", &list, Some("ecs"), 0, vec![]),
    ] {
        let name = format!("{}-{name}", role.unwrap_or("none"));
        let (found, told) = check(&name, text, role);
        assert_eq!(found, status, "{name}: {told}");
        assert!(words.iter().all(|it| told.contains(it)), "{name}: {told}");
    }
}
