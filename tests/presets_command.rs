//! `claimcheck presets`, as people call it.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

fn call(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_claimcheck")).args(arguments).output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn setup(name: &str) -> String {
    format!("{}/tests/setups/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn presets_are_listed_with_their_fields() {
    let (status, all, _) = call(&["presets"]);
    assert_eq!(status, Some(0));
    for name in ["s3-site", "ecr-push", "ecs-deploy", "lambda-update", "cloudfront-invalidate", "terraform-state"] {
        assert!(all.contains(&format!("{name}: ")), "{all}");
    }
    let (status, one, _) = call(&["presets", "ecr-push"]);
    assert!(
        status == Some(0) && one.contains("--set repository=") && one.contains("takes no resource but `*`"),
        "{one}"
    );
    assert!(!one.contains("s3-site"));
}

#[test]
fn a_preset_is_written_into_the_setup_that_is_printed() {
    let path = setup("inline-permissions");
    let (status, out, err) = call(&["presets", "ecr-push", &path, "--set", "repository=app"]);
    assert_eq!(status, Some(0), "{err}");
    let printed: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let statements = printed.pointer("/roles/0/permissions_document/Statement").and_then(|it| it.as_array());
    let statements = statements.expect("statements");
    let resource = |sid: &str| {
        let found = statements.iter().find(|it| it.get("Sid").is_some_and(|it| it == sid));
        found.and_then(|it| it.get("Resource")).cloned().unwrap_or_default()
    };
    assert_eq!(statements.len(), 4, "two that were there, and two");
    assert_eq!(resource("EcrPush"), "arn:aws:ecr:eu-west-1:123456789012:repository/app");
    assert_eq!(resource("EcrPushToken"), "*");
    assert_eq!(resource("Upload"), "arn:aws:s3:::my-bucket/${aws:PrincipalTag/team}/*", "what was there stays");
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_printed() {
    let one = setup("one-scope");
    let several = setup("several-roles");
    for (arguments, words) in [
        (vec!["presets", "ecr-pus"], "did you mean `ecr-push`?"),
        (vec!["presets", "ecr-push", &one], "repository: which repository"),
        (vec!["presets", "ecr-push", &one, "--set", "repository=*"], "names what it allows"),
        (vec!["presets", "ecr-push", &one, "--set", "repo=app"], "no field `repo`: repository"),
        (vec!["presets", "ecr-push", &one, "--set", "app"], "FIELD=VALUE"),
        (vec!["presets", "ecr-push", &several, "--set", "repository=app"], "say which role"),
        (vec!["presets", "ecr-push", &several, "--set", "repository=app", "--role", "x"], "no role `x`"),
        (vec!["presets", "--set", "a=b"], "required"),
    ] {
        let (status, out, err) = call(&arguments);
        assert!(status == Some(2) && out.is_empty() && err.contains(words), "{arguments:?}: {status:?} {out} {err}");
    }
}
