//! Edits of a policy's text that admit a token: what each case is offered first, and the laws that every offer keeps.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use claimcheck::aws::policy::{Policy, refused_by_iam};
use claimcheck::lint::apply;
use claimcheck::mend::{Case, Mending, mend};
use claimcheck::source;
use claimcheck::verdict::{Circumstances, Evidence, is_allowed, judge, read_evidence};
use proptest::prelude::*;

const NOW: i64 = 1_795_168_860;

fn circumstances() -> Circumstances {
    Circumstances { now: NOW, ..Circumstances::default() }
}

fn token(project: &str, kind: &str, reference: &str, audience: &str) -> String {
    format!(
        r#"{{"iss":"https://gitlab.com","aud":"{audience}","sub":"project_path:{project}:ref_type:{kind}:ref:{reference}",
        "project_path":"{project}","project_id":"4711","namespace_id":"72","ref":"{reference}","ref_type":"{kind}","ref_protected":"false",
        "pipeline_source":"push","iat":1795168800,"nbf":1795168795,"exp":1795172400}}"#
    )
}

fn policy(condition: &str) -> String {
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Principal": {{ "Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {condition}
    }}
  ]
}}
"#
    )
}

fn read(text: &str) -> Policy {
    source::read(text, &[]).policies.into_iter().next().unwrap().policy.unwrap()
}

fn admits(policy: &Policy, evidence: &Evidence) -> Option<bool> {
    is_allowed(policy, evidence, &circumstances()).ok().flatten()
}

/// Mends, and holds every offer to the laws.
#[track_caller]
fn mended(text: &str, token: &str) -> Mending {
    let (evidence, circumstances) = (read_evidence(token).unwrap(), circumstances());
    let source = source::read(text, &[]);
    let before = source.policies[0].policy.clone().unwrap();
    let verdict = judge(text, &before, &evidence, &circumstances).unwrap();
    let case = Case {
        text,
        source: &source,
        at: 0,
        variables: &[],
        evidence: &evidence,
        circumstances: &circumstances,
        verdict: &verdict,
    };
    let mending = mend(&case);
    assert!(verdict.allowed == Some(false) || mending == Mending::default());
    assert!(mending.edits.is_empty() || mending.why_none.is_none());
    for edit in &mending.edits {
        assert_eq!(apply(text, &edit.edits), edit.edited, "{}", edit.title);
        let after = read(&edit.edited);
        assert_eq!(admits(&after, &evidence), Some(true), "{}\n{}", edit.title, edit.edited);
        assert!(refused_by_iam(&edit.edited, &after).len() <= refused_by_iam(text, &before).len(), "{}", edit.title);
        assert!(!edit.title.contains('\n') && edit.text().ends_with('.'), "{}", edit.text());
        assert!(edit.is_caution || (edit.lets_in.is_empty() && edit.shuts_out.is_empty()));
    }
    if let Some(it) = &mending.token {
        let token = read_evidence(&claimcheck::print::json::compact(&it.claims)).unwrap();
        assert_eq!(admits(&before, &token), Some(true));
        assert!(!it.changes.is_empty());
    }
    mending
}

#[track_caller]
fn offered(condition: &str, token: &str, title: &str, holds: &str) {
    let mending = mended(&policy(condition), token);
    let titles: Vec<&str> = mending.edits.iter().map(|it| it.title.as_str()).collect();
    let edit = mending.edits.iter().find(|it| it.title.contains(title));
    let edit = edit.unwrap_or_else(|| panic!("{titles:#?} {:?}", mending.why_none));
    assert!(edit.edited.contains(holds), "{}", edit.edited);
}

const MAIN: &str = "project_path:acme/shop:ref_type:branch:ref:main";

#[test]
fn the_edit_is_of_what_is_wrong() {
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let dev = token("acme/shop", "branch", "dev", "https://gitlab.com");
    let with = |sub: &str| {
        format!(r#"{{ "StringEquals": {{ "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": {sub} }} }}"#)
    };
    let cases: [(&str, &str, &str, &str); 10] = [
        // One value more: a single one becomes a list, a list gets one more.
        (
            &with(&format!("\"{MAIN}\"")),
            &dev,
            "Add `project_path:acme/shop:ref_type:branch:ref:dev`",
            ":ref:main\", \"project_path:acme/shop:ref_type:branch:ref:dev\"]",
        ),
        (
            &with(&format!("[\"{MAIN}\"]")),
            &dev,
            "Add `project_path:acme/shop:ref_type:branch:ref:dev`",
            "[\"project_path:acme/shop:ref_type:branch:ref:main\", \"project",
        ),
        // Slips.
        (
            &with("\"project_path:acme/shop:ref_type:branch:ref:refs/heads/main\""),
            &main,
            "instead of `project_path:acme/shop:ref_type:branch:ref:refs/heads/main`",
            "ref:main\"",
        ),
        (
            &with("\"project_path:acme/shop:ref_type:mr:ref:main\""),
            &main,
            "Write `project_path:acme/shop:ref_type:branch:ref:main`",
            "ref_type:branch",
        ),
        (
            &with("\"project_path:Acme/Shop:ref_type:branch:ref:main\""),
            &main,
            "Write `project_path:acme/shop",
            "acme/shop",
        ),
        // A wildcard that is none: the operator, alone or beside another key.
        (
            r#"{ "StringEquals": { "gitlab.com:sub": "project_path:acme/shop:*" } }"#,
            &main,
            "Use `StringLike`",
            "{ \"StringLike\": {",
        ),
        (
            &with("\"project_path:acme/shop:*\""),
            &main,
            "Use `StringLike`",
            "\"StringLike\": {\"gitlab.com:sub\": \"project_path:acme/shop:*\"}",
        ),
        // Keys.
        (
            &format!(r#"{{ "StringEquals": {{ "https://gitlab.com:sub": "{MAIN}" }} }}"#),
            &main,
            "Write the key `gitlab.com:sub`",
            "\"gitlab.com:sub\"",
        ),
        (
            &format!(r#"{{ "StringEquals": {{ "gitlab.example.com:sub": "{MAIN}" }} }}"#),
            &main,
            "",
            "\"gitlab.com:sub\"",
        ),
        // The audience.
        (
            &with(&format!("\"{MAIN}\"")),
            &token("acme/shop", "branch", "main", "sts.amazonaws.com"),
            "Add `sts.amazonaws.com` to the values of `gitlab.com:aud`",
            "[\"https://gitlab.com\", \"sts.amazonaws.com\"]",
        ),
    ];
    for (condition, token, title, holds) in cases {
        offered(condition, token, title, holds);
    }
}

#[test]
fn formatting_is_kept() {
    let text = policy(
        "{\n        \"StringEquals\": {\n          \"gitlab.com:aud\": \"https://gitlab.com\",\n          \"gitlab.com:sub\": [\n            \"project_path:acme/shop:ref_type:branch:ref:main\",\n            \"project_path:acme/shop:ref_type:branch:ref:next\"\n          ]\n        }\n      }",
    );
    let mending = mended(&text, &token("acme/shop", "branch", "dev", "https://gitlab.com"));
    let edit = mending.edits.iter().find(|it| it.title.starts_with("Add `")).unwrap();
    assert!(
        edit.edited
            .contains("ref:next\",\n            \"project_path:acme/shop:ref_type:branch:ref:dev\"\n          ]"),
        "{}",
        edit.edited
    );
    let statement = mending.edits.iter().find(|it| it.title.starts_with("Add a statement")).unwrap();
    assert!(statement.edited.contains("    },\n    {\n      \"Effect\": \"Allow\","), "{}", statement.edited);
}

#[test]
fn other_principals_and_actions_are_named() {
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }} }}"#));
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    for (wrong, right) in [
        ("oidc-provider/gitlab.com", "oidc-provider/https://gitlab.com"),
        ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
    ] {
        let mending = mended(&text.replace(wrong, right), &main);
        assert_eq!(mending.edits[0].edited, text, "{:#?}", mending);
    }
}

#[test]
fn what_no_edit_mends_is_said() {
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }} }}"#));
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let late = mended(&text, &main.replace("1795172400", "1795000000"));
    assert!(late.edits.is_empty() && late.why_none.unwrap().contains("`time`"));
    let deny = text.replace("\"Allow\"", "\"Deny\"");
    let denied = mended(&deny, &main);
    assert!(denied.edits.is_empty() && denied.why_none.unwrap().contains("denies it"));
    assert_eq!(mended(&text, &main), Mending::default(), "it is let in");
}

#[test]
fn a_removed_condition_is_the_last_resort_and_says_what_it_opens() {
    let text =
        policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}", "gitlab.com:project_id": "99" }} }}"#));
    let mending = mended(&text, &token("acme/shop", "branch", "main", "https://gitlab.com"));
    let last = mending.edits.last().unwrap();
    assert!(last.title.starts_with("Remove the condition") && last.is_caution, "{mending:#?}");
    assert!(last.lets_in.iter().any(|it| it.contains("took over the path")), "{last:#?}");
}

#[test]
fn a_statement_more_keeps_what_the_token_meets_and_names_what_it_does_not() {
    let asked = |beside: &str, token: &str| {
        let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }}, {beside} }}"#));
        let mending = mended(&text, token);
        mending.edits.into_iter().find(|it| it.title.starts_with("Add a statement")).unwrap()
    };
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    for (operator, key, value, came) in [
        ("StringNotEquals", "gitlab.com:pipeline_source", "merge_request_event", "\"merge_request_event\""),
        ("StringLike", "gitlab.com:ref_protected", "true", "\"push\""),
        ("StringLike", "gitlab.com:user_login", "jdoe", "\"push\", \"user_login\": \"x\""),
        ("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", "\"push\""),
    ] {
        let edit = asked(&format!(r#""{operator}": {{ "{key}": "{value}" }}"#), &main.replace("\"push\"", came));
        assert!(edit.is_caution && edit.text().contains(&format!("`{operator}` on `{key}`")), "{}", edit.text());
        assert_eq!(edit.edited.matches(key).count(), 1, "{}", edit.edited);
        assert_eq!(
            edit.text().contains("Calls with another `aws:CurrentTime` were not tried."),
            key.starts_with("aws")
        );
    }
    let beside = r#""StringNotEquals": { "gitlab.com:pipeline_source": ["api", "web"] }, "StringLike": { "gitlab.com:ref_protected": "f*" }"#;
    let edit = asked(beside, &token("acme/shop", "branch", "dev", "https://gitlab.com"));
    assert!(!edit.is_caution && edit.note.is_empty(), "{}", edit.text());
    for kept in ["\"gitlab.com:ref_protected\": \"f*\"", "\"gitlab.com:pipeline_source\": ["] {
        assert_eq!(edit.edited.matches(kept).count(), 2, "{}", edit.edited);
    }
}

/// What the edit of that title says of the others, for a policy that asks for this beside the branch.
#[track_caller]
fn said(beside: &str, token: &str, title: &str) -> String {
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }}, {beside} }}"#));
    let mending = mended(&text, token);
    let edit = mending.edits.iter().find(|it| it.title.starts_with(title));
    let edit = edit.unwrap_or_else(|| panic!("{mending:#?}"));
    assert!(edit.is_caution, "{edit:#?}");
    edit.text()
}

#[test]
fn who_else_gets_in_is_told_by_every_claim_that_the_policy_asks_for() {
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let asks = |claim: &str, value: &str| format!(r#""StringLike": {{ "gitlab.com:{claim}": "{value}" }}"#);
    let came = |claim: &str, value: &str| main.replacen('{', &format!("{{\"{claim}\": \"{value}\","), 1);
    let merge_request = main.replace("push", "merge_request_event");
    for (beside, token, title, job) in [
        (asks("aud", "x"), &main, "Remove", "A job that asks for another audience"),
        (asks("user_login", "jdoe"), &came("user_login", "x"), "Remove", "A job that another user started"),
        (asks("user_email", "jdoe@x"), &main, "Remove", "A job that another user started"),
        (asks("user_access_level", "owner"), &came("user_access_level", "guest"), "Remove", "another access level"),
        (asks("user_access_level", "owner"), &came("user_access_level", "guest"), "Add `", "the same access level"),
        (asks("runner_environment", "s*"), &came("runner_environment", "gitlab-hosted"), "Add `", "of the same kind"),
        (
            asks("runner_environment", "x"),
            &came("runner_environment", "gitlab-hosted"),
            "Remove",
            "another kind of runner",
        ),
        (asks("pipeline_source", "web"), &main, "Remove", "A scheduled pipeline of the ref"),
        (asks("pipeline_source", "web"), &main, "Remove", "A pipeline of the ref that the API started"),
        (asks("pipeline_source", "web"), &main, "Remove", "A merge request from the same branch"),
        (asks("pipeline_source", "web"), &main, "Add `", "Another pipeline of the same source"),
        (asks("pipeline_source", "push"), &merge_request, "Add `", "Another merge request from the branch"),
        (asks("ref_protected", "true"), &main, "Add `", "Another job of the ref that is not protected"),
        (asks("ref_protected", "x"), &main.replace("false", "true"), "Remove", "of the ref while it is not protected"),
    ] {
        let text = said(&beside, token, title);
        assert!(text.contains(job) && !text.contains("nobody else"), "{beside} {text}");
    }
}

#[test]
fn what_the_statement_takes_already_is_no_news() {
    let text = policy(&format!(
        r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}", "gitlab.com:project_id": "4711" }},
        "StringNotEquals": {{ "gitlab.com:pipeline_source": "merge_request_event" }} }}"#
    ));
    let dev = token("acme/shop", "branch", "dev", "https://gitlab.com").replace("\"false\"", "\"true\"");
    let mending = mended(&text, &dev);
    assert_eq!(mending.edits.len(), 2);
    for edit in mending.edits {
        assert_eq!(edit.text(), "Of the jobs tried beside it, nobody else gets in.", "{}", edit.title);
    }
}

#[test]
fn jobs_beside_a_token_are_tried_only_where_their_sub_can_be_written() {
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }} }}"#));
    let later = MAIN.replacen(":ref_type", ":job_project_path:acme/shop:ref_type", 1);
    for sub in ["x", &later] {
        for token in [main.replace(MAIN, sub), main.replace(MAIN, sub).replace("\"project_id\"", "\"other_id\"")] {
            let mending = mended(&text, &token);
            assert!(mending.edits.len() > 1);
            for edit in mending.edits {
                assert!(edit.is_caution && edit.text().contains("No job beside it was tried"), "{}", edit.text());
                assert!(!edit.text().contains("nobody else"), "{}", edit.text());
                assert!(sub != "x" || !edit.text().contains("owns the path"), "{}", edit.text());
            }
        }
    }
    // A form that is known, of a job with an environment.
    let tier = |it: &str| format!("project_path:acme/shop:environment_protected:true:deployment_tier:{it}");
    let text = text.replace(MAIN, &tier("production")).replace("\"StringEquals\"", "\"StringLike\"");
    let mending = mended(&text, &main.replace(MAIN, &tier("staging")));
    assert!(mending.edits[0].lets_in.iter().any(|it| it == "A job on another branch"), "{mending:#?}");
    assert!(mending.token.unwrap().changes.iter().any(|it| it.to == tier("production")));
}

#[test]
fn a_job_on_another_tag_is_tried_beside_a_tags_token() {
    let tagged = token("acme/shop", "tag", "v1", "https://gitlab.com");
    let text = policy(
        r#"{ "StringLike": { "gitlab.com:sub": "project_path:acme/shop:ref_type:branch:ref:*" }, "StringEquals": { "gitlab.com:project_id": "4711" } }"#,
    );
    let mending = mended(&text, &tagged);
    let wide = mending.edits.iter().find(|it| it.title.contains("tag:ref:*")).expect("the pattern of all tags");
    assert!(wide.lets_in.iter().any(|it| it == "A job on another tag"), "{wide:#?}");
}

#[test]
fn a_key_that_is_mended_is_not_given_its_value_twice() {
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let text = policy(&format!(r#"{{ "StringEquals": {{ "https://gitlab.com:sub": "{MAIN}" }} }}"#));
    let edits = mended(&text, &main).edits;
    assert!(edits.iter().any(|it| it.title.contains("Write the key")), "{edits:#?}");
    assert!(edits.iter().all(|it| !it.title.contains("to the values of")), "{edits:#?}");
}

#[test]
fn jobs_beside_a_token_that_names_the_project_of_its_job_are_tried() {
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let of_job = |reference: &str| format!("job_project_path:acme/shop:ref_type:branch:ref:{reference}");
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{}" }} }}"#, of_job("main")));
    let mending = mended(&text, &main.replace(MAIN, &of_job("dev")));
    let edit = mending.edits.iter().find(|it| it.title.starts_with("Add `")).unwrap();
    assert_eq!(edit.untried, None, "{}", edit.text());
    // A fork's merge request that runs in the project has the project's `sub`.
    assert!(edit.lets_in.iter().any(|it| it == "A merge request from a fork"), "{}", edit.text());
    let to = |it: &Mending| it.token.as_ref().unwrap().changes.iter().map(|it| it.to.clone()).collect::<Vec<_>>();
    assert_eq!(to(&mending), [of_job("main")]);
    assert_eq!(to(&mended(&text, &main)), [of_job("main")], "of a token of another form");
    // By the id of the project too, and where the policy pins the fork out.
    let by_id = "job_project_id:4711:ref:dev";
    let mending = mended(&text, &main.replace(MAIN, by_id));
    assert!(mending.edits.iter().all(|it| it.untried.is_none()), "{mending:#?}");
    let pinned = text.replace("\"StringEquals\": {", "\"StringEquals\": { \"gitlab.com:project_id\": \"4711\",");
    let mending = mended(&pinned, &main.replace(MAIN, &of_job("dev")));
    let edit = mending.edits.iter().find(|it| it.title.starts_with("Add `")).unwrap();
    assert!(!edit.lets_in.iter().any(|it| it == "A merge request from a fork"), "{}", edit.text());
    // What `source_` holds is not confirmed, and two projects are none of these jobs.
    for sub in ["source_project_path:acme/shop:ref:dev", "project_path:acme/shop:job_project_path:acme/shop:ref:dev"] {
        let mending = mended(&text, &main.replace(MAIN, sub));
        assert!(mending.edits.iter().all(|it| it.untried.is_some()), "{sub} {mending:#?}");
    }
}

#[test]
fn no_job_is_named_that_gitlab_cannot_have() {
    for sub in
        ["project_path:acme/shop:ref_type:branch:ref:refs/heads/main", "project_path:acme:ref_type:branch:ref:main"]
    {
        let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{sub}" }} }}"#));
        let mending = mended(&text, &token("acme/shop", "branch", "main", "https://gitlab.com"));
        assert_eq!(mending.token, None);
        assert!(mending.edits.iter().all(|it| it.shuts_out.is_empty()), "{mending:#?}");
    }
}

/// The record of a call from the branch `main` that was denied, in the account 123456789012.
fn record() -> String {
    let provider = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
    format!(
        r#"{{"eventSource": "sts.amazonaws.com", "eventName": "AssumeRoleWithWebIdentity", "errorCode": "AccessDenied",
        "userIdentity": {{"type": "WebIdentityUser", "principalId": "{provider}:https://gitlab.com:{MAIN}", "userName": "{MAIN}",
        "identityProvider": "{provider}"}}}}"#
    )
}

#[test]
fn jobs_beside_a_record_call_the_role_of_its_own_account() {
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }} }}"#));
    let text = text.replace("123456789012", "999999999999");
    let mending = mended(&text, &record());
    let edit = mending.edits.iter().find(|it| it.title.starts_with("Add a statement")).unwrap();
    assert_eq!(
        (edit.lets_in.as_slice(), edit.shuts_out.len()),
        (&["Another project that took over the path".to_owned()][..], 0)
    );
}

#[test]
fn a_deny_that_is_not_decided_is_said_to_be_in_the_way() {
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }} }}"#));
    let deny = r#"    },
    {
      "Effect": "Deny",
      "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": { "NotIpAddress": { "aws:SourceIp": "10.0.0.0/8" } }
    }
  ]"#;
    let text = text.replace("    }\n  ]", deny);
    let mending = mended(&text, &token("acme/shop", "branch", "dev", "https://gitlab.com"));
    let why = mending.why_none.unwrap();
    assert!(why.contains("statement 2, a `Deny`, applies hangs on `aws:SourceIp`"), "{why}");
}

#[test]
fn another_account_is_no_other_gitlab() {
    let policy = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{MAIN}" }} }}"#));
    let notes = |text: &str| {
        let mending = mended(text, &record());
        let named = mending.edits.into_iter().filter(|it| it.title.starts_with("Name the provider"));
        named.map(|it| it.note).collect::<Vec<_>>()
    };
    let account = notes(&policy.replace("123456789012", "999999999999"));
    assert!(!account.is_empty() && account.iter().all(|it| it.contains("in that account")), "{account:?}");
    assert!(!account.iter().any(|it| it.contains("that GitLab is yours")), "{account:?}");
    let other = notes(&policy.replace("oidc-provider/gitlab.com", "oidc-provider/gitlab.example.com"));
    assert!(!other.is_empty() && other.iter().all(|it| it.contains("that GitLab is yours")), "{other:?}");
}

#[test]
fn the_nearest_token_is_one_that_gitlab_can_issue() {
    let main = token("acme/shop", "branch", "main", "https://gitlab.com");
    let nearest = |beside: &str| {
        let text = policy(&format!(r#"{{ "StringLike": {{ "gitlab.com:sub": "{MAIN}", {beside} }} }}"#));
        let token = mended(&text, &main).token?;
        Some(token.changes.into_iter().map(|it| it.to).collect::<Vec<_>>())
    };
    for (beside, to) in [
        (r#""gitlab.com:project_id": "x""#, None),
        (r#""gitlab.com:project_id": "acme-*""#, None),
        (r#""gitlab.com:project_id": ["x", "99"]"#, Some("99")),
        (r#""gitlab.com:project_id": "99*""#, Some("991")),
        (r#""gitlab.com:namespace_id": "0""#, None),
        (r#""gitlab.com:pipeline_source": "merge_request""#, None),
        (r#""gitlab.com:pipeline_source": ["merge_request", "web"]"#, Some("web")),
        (r#""gitlab.com:pipeline_source": "sched*""#, Some("schedule")),
        (r#""gitlab.com:runner_environment": "self*""#, Some("self-hosted")),
        (r#""gitlab.com:runner_environment": "github-hosted""#, None),
        (r#""gitlab.com:user_access_level": "40""#, None),
        (r#""gitlab.com:user_access_level": "own*""#, Some("owner")),
        (r#""gitlab.com:user_login": "j doe""#, None),
        (r#""gitlab.com:user_email": "*@other.example""#, Some("1@other.example")),
    ] {
        let found = nearest(beside);
        assert_eq!(found.as_deref().and_then(|it| it.first()).map(String::as_str), to, "{beside}: {found:?}");
    }
    // Another GitLab has none of GitLab.com's runners.
    let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.example.com:sub": "{MAIN}" }} }}"#));
    let text = text.replace("oidc-provider/gitlab.com", "oidc-provider/gitlab.example.com");
    let claims = mended(&text, &main).token.unwrap().claims;
    assert_eq!(claims.member("runner_environment").and_then(|it| it.as_str()), Some("self-hosted"));
    // A merge request has no tag, and a tier is one of five.
    for sub in ["project_path:acme/shop:ref_type:tag:ref:v1", "project_path:acme/shop:deployment_tier:prod"] {
        let beside = if sub.contains("tag") { r#", "gitlab.com:pipeline_source": "merge_request_event""# } else { "" };
        let text = policy(&format!(r#"{{ "StringEquals": {{ "gitlab.com:sub": "{sub}"{beside} }} }}"#));
        assert_eq!(mended(&text, &main).token, None, "{sub}");
    }
}

#[test]
fn the_nearest_token_changes_the_fewest_claims() {
    let text = policy(&format!(
        r#"{{ "StringEquals": {{ "gitlab.com:sub": ["{MAIN}", "project_path:other/x:ref_type:tag:ref:v1"], "gitlab.com:ref_protected": "true" }} }}"#
    ));
    let mending = mended(&text, &token("acme/shop", "branch", "dev", "https://gitlab.com"));
    let changes: Vec<(&str, &str)> =
        mending.token.as_ref().unwrap().changes.iter().map(|it| (it.claim, it.to.as_str())).collect();
    assert_eq!(changes, [("sub", MAIN), ("ref_protected", "true")]);
}

#[test]
fn terraform_is_mended_in_its_own_quotes() {
    let text = format!(
        "resource \"aws_iam_role\" \"deploy\" {{\n  name = \"deploy\"\n  assume_role_policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{\n      Effect = \"Allow\"\n      Principal = {{ Federated = \"arn:aws:iam::123456789012:oidc-provider/gitlab.com\" }}\n      Action = \"sts:AssumeRoleWithWebIdentity\"\n      Condition = {{ StringEquals = {{ \"gitlab.com:sub\" = \"{MAIN}\" }} }}\n    }}]\n  }})\n}}\n"
    );
    let mending = mended(&text, &token("acme/shop", "branch", "dev", "https://gitlab.com"));
    let list = format!("[\"{MAIN}\", \"project_path:acme/shop:ref_type:branch:ref:dev\"]");
    assert!(mending.edits.iter().any(|it| it.edited.contains(&list)), "{mending:#?}");
}

fn values(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(of), 1..3).prop_map(|it| match it.as_slice() {
        [one] => format!("\"{one}\""),
        several => format!("[{}]", several.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")),
    })
}

fn condition() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(
        &["StringEquals", "StringLike", "StringNotEquals", "ForAnyValue:StringEquals", "StringEqualsIfExists"][..],
    );
    let sub = values(&[
        MAIN,
        "project_path:acme/shop:ref_type:branch:ref:refs/heads/dev",
        "project_path:acme/*",
        "project_path:acme/shop:*",
        "project_path:acme/shop:ref_type:tag:ref:v*",
        "project_path:other/x:ref_type:branch:ref:main",
    ]);
    let key = prop::sample::select(&["gitlab.com:sub", "https://gitlab.com:sub", "gitlab.example.com:sub"][..]);
    let aud = values(&["https://gitlab.com", "https://gitlab.com/", "sts.amazonaws.com"]);
    let id = values(&["4711", "99"]);
    let other = prop::sample::select(&["StringEquals", "StringLike", "Null", "NumericEquals"][..]);
    (operator, key, sub, prop::option::of(aud), prop::option::of((other, id))).prop_map(
        |(operator, key, sub, aud, id)| {
            let aud = aud.map(|it| format!(", \"gitlab.com:aud\": {it}")).unwrap_or_default();
            let id = id
                .filter(|it| it.0 != operator)
                .map(|(operator, it)| format!(", \"{operator}\": {{ \"gitlab.com:project_id\": {it} }}"))
                .unwrap_or_default();
            format!("{{ \"{operator}\": {{ \"{key}\": {sub}{aud} }}{id} }}")
        },
    )
}

#[test]
fn a_policy_longer_than_any_role_has_is_not_mended() {
    let values: Vec<String> = (0..30_000).map(|it| format!("\"*b{it}*\"")).collect();
    let text = policy(&format!(r#"{{"StringLike": {{"gitlab.com:sub": [{}]}}}}"#, values.join(",")));
    let mending = mended(&text, &token("mygroup/myrepo", "branch", &"x".repeat(10_000), "https://gitlab.com"));
    assert_eq!(mending.why_none.as_deref(), Some("The policy is longer than any that a role can have."));
    assert!(mending.edits.is_empty() && mending.token.is_none());
    // Nor one with more principals: each would be held against the others.
    let providers: Vec<String> =
        (0..2_000).map(|it| format!("\"arn:aws:iam::123456789012:oidc-provider/g{it}.com\"")).collect();
    let text = policy(r#"{"StringEquals": {"gitlab.com:sub": "x"}}"#)
        .replace(r#""arn:aws:iam::123456789012:oidc-provider/gitlab.com""#, &format!("[{}]", providers.join(",")));
    let mending = mended(&text, &token("mygroup/myrepo", "branch", "main", "https://gitlab.com"));
    assert_eq!(mending.why_none.as_deref(), Some("The policy is longer than any that a role can have."));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every offer admits the token, is still read, and lets in and shuts out of a grid of jobs only what it says.
    #[test]
    fn every_edit_keeps_what_it_says(
        condition in condition(),
        project in prop::sample::select(&["acme/shop", "acme/web", "other/x"][..]),
        reference in prop::sample::select(&[("branch", "main"), ("branch", "dev"), ("tag", "v1.2")][..]),
        audience in prop::sample::select(&["https://gitlab.com", "sts.amazonaws.com"][..]),
    ) {
        let text = policy(&condition);
        let mending = mended(&text, &token(project, reference.0, reference.1, audience));
        let before = read(&text);
        let stranger = read_evidence(&token("othergroup/evil", "branch", "x", audience)).unwrap();
        for edit in &mending.edits {
            // A stranger's job gets in only where the edit is marked, and one of the jobs that it names is as strange.
            if admits(&before, &stranger) == Some(false) && admits(&read(&edit.edited), &stranger) == Some(true) {
                prop_assert!(edit.is_caution && !edit.lets_in.is_empty(), "{}\n{}", edit.title, edit.edited);
            }
        }
    }
}
