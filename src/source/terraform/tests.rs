//! What Terraform comes to, as far as its text tells.

use crate::print::json::compact;
use crate::source::tests::answered;
use crate::source::{Found, Source, read};

/// What every document here says, in some form.
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"gitlab.com:aud":"https://gitlab.com"},"StringLike":{"gitlab.com:sub":["project_path:a/b:ref_type:branch:ref:main"]}}}]}"#;

#[track_caller]
fn source(text: &str) -> Source {
    let source = read(text, &[]);
    assert_eq!(source.problems, [], "{text}");
    source
}

#[track_caller]
fn one(text: &str) -> Found {
    let source = source(text);
    assert_eq!(source.policies.len(), 1, "{text}");
    source.policies.into_iter().next().unwrap()
}

fn role(policy: &str) -> String {
    format!("resource \"aws_iam_role\" \"r\" {{\n  name = \"ci\"\n  assume_role_policy = {policy}\n}}\n")
}

#[test]
fn each_way_to_write_a_policy_is_the_same_policy() {
    let object = r#"{
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "${local.host}:aud" = local.url }
        StringLike   = { "gitlab.com:sub" = ["project_path:${var.project}:ref_type:branch:ref:main"] }
      }
    }]
  }"#;
    let around = "variable \"project\" {\n  default = \"a/b\"\n}\nlocals {\n  url = \"https://gitlab.com\"\n  host = replace(local.url, \"https://\", \"\")\n}\n";
    let heredoc = POLICY.replace("a/b", "${var.project}").replace("\"gitlab.com:aud\"", "\"${local.host}:aud\"");
    let blocks = r#"
data "aws_iam_policy_document" "trust" {
  statement {
    actions = "sts:AssumeRoleWithWebIdentity"
    principals {
      type        = "Federated"
      identifiers = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
    }
    condition {
      test     = "StringEquals"
      variable = "${local.host}:aud"
      values   = local.url
    }
    condition {
      test     = "StringLike"
      variable = format("%s:sub", local.host)
      values   = [join(":", ["project_path", var.project, "ref_type:branch:ref:main"])]
    }
  }
}
"#;
    for text in [
        role(&format!("jsonencode({object})")),
        role("local.trust") + &format!("locals {{\n trust = jsonencode({object})\n}}\n"),
        role("local.all[\"ci\"]") + &format!("locals {{\n all = {{ ci = jsonencode({object}) }}\n}}\n"),
        role(&format!("<<EOF\n{heredoc}\nEOF")),
        role(&format!("<<-EOF\n    {heredoc}\n  EOF")),
        role("data.aws_iam_policy_document.trust.json")
            + &blocks.replace("  statement {", "  statement {\n    effect = \"Allow\""),
        role(&crate::print::json::compact(&crate::document::json::Node::text(POLICY))),
        format!("assume_role_policy = jsonencode({object})\n"),
        format!("jsonencode({object})"),
        object.to_owned(),
    ] {
        let text = format!("{text}{}", if text.starts_with(['j', '{']) { "" } else { around });
        let text = if text.starts_with(['j', '{']) {
            text.replace("${local.host}", "gitlab.com")
                .replace("local.url", "\"https://gitlab.com\"")
                .replace("${var.project}", "a/b")
        } else {
            text
        };
        let found = one(&text);
        assert!(found.policy.is_ok(), "{text}");
        let members = |it: &str| -> serde_json::Value { serde_json::from_str(it).unwrap() };
        let mut ours = members(&compact(&found.document));
        // Blocks say the action before the principal.
        ours["Statement"][0].as_object_mut().unwrap().sort_keys();
        let mut wanted = members(POLICY);
        wanted["Statement"][0].as_object_mut().unwrap().sort_keys();
        assert_eq!(ours, wanted, "{text}");
    }
}

#[test]
fn places_are_those_of_the_text() {
    let text = role(
        "<<-EOF\n    {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:A\", \"Principal\": {\"Federated\": \"${var.arn}\"},\n      \"Action\": \"sts:AssumeRoleWithWebIdentity\",\n      \"Condition\": {\"StringEquals\": {\"${var.host}:sub\": \"project_path:a/${var.p}\"}}}]}\n  EOF",
    );
    let source = source(&text);
    let found = &source.policies[0];
    assert!(!found.is_embedded);
    let statement = &found.policy.as_ref().unwrap().statements[0];
    assert_eq!(statement.action_span.of(&text), "\"sts:AssumeRoleWithWebIdentity\"");
    let condition = &statement.conditions[0];
    assert_eq!(condition.key_span.of(&text), "\"${var.host}:sub\"");
    assert_eq!(condition.values[0].text.span.of(&text), "\"project_path:a/${var.p}\"");
    assert_eq!(condition.values[0].text.unknown, ["var.p"]);
    assert_eq!(condition.key_unknown, ["var.host"]);
    let unknown: Vec<&str> = source.unknown.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(unknown, ["var.arn", "var.host", "var.p"]);
    let given = [("arn".to_owned(), "x".to_owned()), ("var.host".to_owned(), "gitlab.com".to_owned())];
    let unknown: Vec<String> = read(&text, &given).unknown.into_iter().map(|it| it.name).collect();
    assert_eq!(unknown, ["var.p"]);
}

#[test]
fn a_provider_of_the_same_text_is_followed() {
    let text = r#"
resource "aws_iam_openid_connect_provider" "gitlab" {
  url             = "https://gitlab.example.com"
  client_id_list  = ["https://gitlab.example.com", "sts.amazonaws.com"]
  thumbprint_list = [data.tls_certificate.gitlab.certificates.0.sha1_fingerprint]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.gitlab.arn]
    }
    condition {
      test     = "StringLike"
      variable = "${replace(aws_iam_openid_connect_provider.gitlab.url, "https://", "")}:sub"
      values   = ["project_path:a/*:&{aws:username}"]
    }
    condition {
      test     = "StringLike"
      variable = "${aws_iam_openid_connect_provider.gitlab.url}:sub"
      values   = ["b"]
    }
  }
}
resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.deploy.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"#;
    let source = source(text);
    let provider = &source.providers[0];
    assert_eq!(provider.url.as_ref().unwrap().value, "https://gitlab.example.com");
    assert_eq!(provider.client_ids[1].span.of(text), "\"sts.amazonaws.com\"");
    assert!(provider.thumbprints_span.unwrap().of(text).starts_with("thumbprint_list = ["));
    let found = &source.policies[0];
    assert_eq!(found.name, "aws_iam_role.deploy");
    assert_eq!(found.attached[0].value, "arn:aws:iam::aws:policy/AdministratorAccess");
    assert_eq!(found.max_session_seconds.as_ref().unwrap().value, "7200");
    let statement = &found.policy.as_ref().unwrap().statements[0];
    assert_eq!(statement.conditions.len(), 1, "one key under one operator");
    let values: Vec<&str> = statement.conditions[0].values.iter().map(|it| it.text.value.as_str()).collect();
    assert_eq!(
        (statement.conditions[0].key.as_str(), values),
        ("gitlab.example.com:sub", vec!["project_path:a/*:${aws:username}", "b"])
    );
    let principal = &statement.principals[0].text;
    assert!(principal.unknown.iter().all(|it| crate::aws::is_of_own_account(it)));
    assert!(principal.value.ends_with(":oidc-provider/gitlab.example.com"));
    assert_eq!(source.unknown, []);
}

#[test]
fn what_the_text_does_not_tell_is_said() {
    for (policy, words) in [
        ("file(\"trust.json\")", "another file"),
        ("var.trust", "`var.trust` is not in this text"),
        ("module.trust.json", "`module.trust.json` is not in this text"),
        ("data.aws_iam_policy_document.gone.json", "is not in this text"),
        ("var.a ? \"b\" : \"c\"", "not evaluated"),
        ("\"{\"", "the JSON in here is broken"),
        ("<<EOF\n{\"Version\" ${var.v}}\nEOF", "outside of the quotes"),
    ] {
        let problems = read(&role(policy), &[]).problems;
        assert!(problems.len() == 1 && problems[0].message.contains(words), "{policy}: {problems:?}");
        assert!(problems[0].span.is_some(), "{policy}");
    }
    let broken = read("resource \"aws_iam_role\" \"r\" {\n  name = \n}\n", &[]);
    assert_eq!(broken.problems[0].message, "looks like Terraform, but expected a value, found line break");
}

#[test]
fn an_expression_comes_to_what_terraform_makes_of_it() {
    let around = r#"
locals {
  url      = "https://gitlab.com"
  arn      = "arn:aws:iam::${var.account}:oidc-provider/gitlab.com"
  projects = ["a/b", "c/d"]
  branches = { "a/b" = { ref = "main" }, "c/d" = { ref = "dev" } }
}
"#;
    for (expression, expected) in [
        (r#"replace(local.url, "/^https?:\\/\\//", "")"#, "gitlab.com"),
        (r#"replace(local.url, "/https:///", "")"#, "gitlab.com"),
        (r#"replace(local.arn, "/^(.*provider/)/", "")"#, "gitlab.com"),
        (r#"replace(local.url, "/[a-z]+/", "")"#, r#"${replace(local.url, "/[a-z]+/", "")}"#),
        (r#"trimprefix(local.url, "https://")"#, "gitlab.com"),
        (r#"split("//", local.url)[1]"#, "gitlab.com"),
        (r#"element(split("/", local.url), 5)"#, "gitlab.com"),
        (r#"[for it in local.projects : "${it}:x"]"#, "a/b:x c/d:x"),
        (r#"[for at, it in local.projects : "${at}${it}"]"#, "0a/b 1c/d"),
        (r#"[for path, it in local.branches : "${path}:${it.ref}"]"#, "a/b:main c/d:dev"),
        (
            r#"flatten([for a in local.projects : [for b in ["x", var.y] : "${a}${b}"]])"#,
            "a/bx a/b${var.y} c/dx c/d${var.y}",
        ),
        (r#"[for it in var.all : it]"#, "${[for it in var.all : it]}"),
        (r#"[for it in local.projects : it if it != "a/b"]"#, "c/d"),
        (r#"[for it in local.projects : it if it != var.x]"#, r#"${[for it in local.projects : it if it != var.x]}"#),
        (r#"[for it in keys(local.branches) : local.branches[it].ref]"#, "main dev"),
        (r#"values({ for path, it in local.branches : path => "${path}:${it.ref}" })"#, "a/b:main c/d:dev"),
        (r#"values(local.branches)[*].ref"#, "main dev"),
        (r#""%{ if var.x }a%{ else }b%{ endif }""#, "${%{ if var.x }a%{ else }b%{ endif }}"),
        (r#"formatlist("%s:%s", local.projects, "x")"#, "a/b:x c/d:x"),
        (r#"[for it in local.projects : it][1]"#, "c/d"),
    ] {
        let blocks = format!(
            "data \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    actions = [\"sts:A\"]\n    principals {{\n      type = \"Federated\"\n      identifiers = {expression}\n    }}\n  }}\n}}\n"
        );
        let heredoc = "<<EOF\n{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:A\", \"Principal\": {\"Federated\": ${jsonencode(X)}}}]}\nEOF";
        for text in [role("data.aws_iam_policy_document.t.json") + &blocks, role(&heredoc.replace('X', expression))] {
            let text = text + around;
            let found = one(&text);
            let principals = found.policy.as_ref().unwrap().statements[0].principals.iter();
            let values: Vec<&str> = principals.map(|it| it.text.value.as_str()).collect();
            assert_eq!(values.join(" "), expected, "{text}");
        }
    }
    // Outside of quotes a reference stands for a whole value.
    let found = one(&role(
        "<<EOF\n{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:A\", \"Principal\": {\"Federated\": ${var.all}}}]}\nEOF",
    ));
    assert_eq!(found.policy.unwrap().statements[0].principals[0].text.unknown, ["var.all"]);
}

#[test]
fn what_may_be_there_or_not_decides_nothing() {
    let text = role("data.aws_iam_policy_document.t.json")
        + r#"data "aws_iam_policy_document" "t" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/gitlab.com"]
    }
    dynamic "condition" {
      for_each = var.conditions
      content {
        test = condition.value.test
        variable = "x"
        values = []
      }
    }
  }
}
"#;
    let found = one(&text);
    assert_eq!(found.policy.unwrap().statements[0].conditions[0].key_unknown, ["dynamic \"condition\""]);
}

#[test]
fn documents_are_put_together_by_sid() {
    let document = |name: &str, sid: &str, action: &str, more: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"{name}\" {{\n{more}\n  statement {{\n    sid = \"{sid}\"\n    actions = [\"{action}\"]\n    principals {{\n      type = \"*\"\n      identifiers = [\"*\"]\n    }}\n  }}\n}}\n"
        )
    };
    let text = role("data.aws_iam_policy_document.c.json")
        + &document("a", "one", "sts:A", "")
        + &document("b", "two", "sts:B", "")
        + &document(
            "c",
            "two",
            "sts:C",
            "source_policy_documents = [data.aws_iam_policy_document.a.json]\noverride_policy_documents = [data.aws_iam_policy_document.b.json]",
        );
    let found = one(&text);
    let statements = found.document.member("Statement").unwrap();
    let text = compact(statements);
    assert!(text.contains("sts:A") && text.contains("sts:B") && !text.contains("sts:C"), "{text}");
    assert!(text.contains("\"Principal\":\"*\""), "{text}");
}

#[test]
fn what_iam_counts_is_not_the_text_of_terraform() {
    let around = format!("# {}\n", "→".repeat(5_000));
    for (policy, refused) in [
        (
            format!(
                "jsonencode({{\n{around}Version = \"2012-10-17\"\nStatement = [{{ Effect = \"Allow\", Principal = {{ Federated = \"arn:aws:iam::123456789012:oidc-provider/a\" }}, Action = \"sts:AssumeRoleWithWebIdentity\" }}] }})"
            ),
            0,
        ),
        (format!("<<EOF\n{}\nEOF", POLICY.replace("a/b", "→")), 1),
    ] {
        let text = role(&policy);
        let found = one(&text);
        let refusals = crate::aws::policy::refused_by_iam(&text, &found.policy.unwrap());
        let count = refusals.iter().filter(|it| it.path.is_empty()).count();
        assert_eq!(count, refused, "{policy}");
    }
}

#[test]
fn a_policy_of_which_a_part_hides_more_than_a_text_is_not_known() {
    let statement = |rest: &str| {
        format!(
            "jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Action = \"sts:AssumeRoleWithWebIdentity\", {rest} }}] }})"
        )
    };
    let principal = "Principal = { Federated = var.p }";
    for (policy, name) in [
        ("jsonencode({ Version = \"2012-10-17\", Statement = var.all })".to_owned(), "var.all"),
        ("jsonencode({ Version = \"2012-10-17\", Statement = concat([], var.more) })".to_owned(), "var.more"),
        (statement("Effect = \"Allow\", Principal = var.p"), "var.p"),
        (statement(&format!("Effect = var.e, {principal}")), "var.e"),
        (statement(&format!("Effect = \"Allow\", {principal}, Condition = var.c")), "var.c"),
        (statement(&format!("Effect = \"Allow\", {principal}, Condition = {{ StringLike = var.c }}")), "var.c"),
        (
            statement(&format!("Effect = \"Allow\", {principal}, Condition = {{ \"${{var.o}}\" = {{ a = \"b\" }} }}")),
            "var.o",
        ),
    ] {
        let source = read(&role(&policy), &[]);
        let words = format!("the value of `{name}` is not in this text");
        assert!(
            source.policies.is_empty() && source.problems[0].message.contains(&words),
            "{policy}: {:?}",
            source.problems
        );
    }
    // What is wrong by itself is no one's value.
    let wrong = read(&role(&statement(&format!("Effect = \"allow\", {principal}"))), &[]);
    assert!(wrong.problems.is_empty() && wrong.policies[0].policy.is_err());
}

#[test]
fn a_role_for_each_of_a_map_that_is_known_is_that_many_roles() {
    let text = |map: &str| {
        format!(
            r#"
variable "roles" {{
  default = {map}
}}
data "aws_iam_policy_document" "trust" {{
  for_each = var.roles
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = ["p:${{each.key}}:${{each.value.project}}"]
    }}
  }}
}}
resource "aws_iam_role" "r" {{
  for_each           = var.roles
  name               = "ci-${{each.key}}"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}}
resource "aws_iam_role" "one" {{
  assume_role_policy = data.aws_iam_policy_document.trust["b"].json
}}
"#
        )
    };
    let shown = |map: &str| -> Vec<String> {
        let of = |it: &Found| {
            let principal = it.policy.as_ref().unwrap().statements[0].principals[0].text.value.clone();
            format!("{} {} {principal}", it.name, it.role_name.as_ref().map_or("", |it| &it.value))
        };
        source(&text(map)).policies.iter().map(of).collect()
    };
    assert_eq!(
        shown("{ a = { project = \"g/a\" }, b = { project = \"g/b\" } }"),
        ["aws_iam_role.r[\"a\"] ci-a p:a:g/a", "aws_iam_role.r[\"b\"] ci-b p:b:g/b", "aws_iam_role.one  p:b:g/b",]
    );
    let unknown = "aws_iam_role.r ci-${each.key} p:${each.key}:${each.value.project}";
    for map in ["{}", "null"] {
        assert_eq!(shown(map), [unknown, "aws_iam_role.one  p:${each.key}:${each.value.project}"], "{map}");
    }
}

#[test]
fn a_conditional_is_what_its_condition_decides_or_what_both_sides_are() {
    let of = |expression: &str, given: &[(&str, &str)]| {
        let text = format!(
            r#"
variable "host" {{ default = "" }}
variable "flag" {{ default = false }}
variable "on" {{ default = true }}
variable "unset" {{ default = null }}
locals {{ it = {expression} }}
resource "aws_iam_role" "r" {{
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Principal = {{ Federated = "p" }},
    Action = "sts:AssumeRoleWithWebIdentity", Condition = {{ StringEquals = {{ "gitlab.com:sub" = local.it }} }} }}] }})
}}"#
        );
        let given: Vec<_> = given.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let source = read(&text, &given);
        let unknown: Vec<String> = source.unknown.iter().map(|it| it.name.clone()).collect();
        let policy = source.policies[0].policy.as_ref().unwrap();
        (policy.statements[0].conditions[0].values[0].text.value.clone(), unknown.join(" "))
    };
    let host = r#"var.host != "" ? var.host : "a""#;
    let strange = r#"var.other != "" ? var.other : "a""#;
    for (expression, given, value, unknown) in [
        // A default of the usual kind, not set and set.
        (host, vec![], "a", ""),
        (host, vec![("host", "b")], "b", ""),
        (r#"var.host == "" ? "a" : var.host"#, vec![("host", "b")], "b", ""),
        // What another file sets is asked for by its own name.
        (strange, vec![], "${var.other != \"\" ? var.other : \"a\"}", "var.other"),
        (strange, vec![("other", "b")], "b", ""),
        (strange, vec![("other", "")], "a", ""),
        (
            r#"length(var.list) > 0 ? "a" : "b""#,
            vec![],
            "${length(var.list) > 0 ? \"a\" : \"b\"}",
            "length(var.list) > 0",
        ),
        // Flags.
        (r#"var.flag ? "a" : "b""#, vec![], "b", ""),
        (r#"var.flag ? "a" : "b""#, vec![("flag", "true")], "a", ""),
        (r#"var.on ? "a" : "b""#, vec![], "a", ""),
        // One side is empty, and counts all the same.
        (r#"var.flag ? "a" : """#, vec![], "", ""),
        (r#"var.on ? "a" : """#, vec![], "a", ""),
        (r#"var.unset != null ? var.unset : "a""#, vec![], "a", ""),
        (r#"var.unset == null ? "a" : var.unset"#, vec![("unset", "b")], "b", ""),
        (r#"var.other ? null : "a""#, vec![], "${var.other ? null : \"a\"}", "var.other"),
        (r#"var.other ? null : "a""#, vec![("other", "false")], "a", ""),
        // Whatever is decided.
        (r#"var.other ? "a" : "a""#, vec![], "a", ""),
        (r#"var.other == var.more ? "x${var.host}" : "x${var.host}""#, vec![], "x${var.host}", "var.host"),
        // An operator more is none that is evaluated.
        (
            r#"var.host == "" && var.on ? "a" : "b""#,
            vec![],
            "${var.host == \"\" && var.on ? \"a\" : \"b\"}",
            "var.host == \"\" && var.on",
        ),
        // A default that is empty is there to be set.
        (r#""x${var.host}""#, vec![], "x${var.host}", "var.host"),
        (r#""x${var.host}""#, vec![("host", "")], "x", ""),
    ] {
        assert_eq!(of(expression, &given), (value.to_owned(), unknown.to_owned()), "{expression} {given:?}");
    }
}

/// A role of which `if` decides a part: whether STS answers yes where it is false, is not known, and is true.
#[track_caller]
fn decided_by(statement: &str, more: &str) -> [Option<bool>; 3] {
    ["{ default = false }", "{}", "{ default = true }"].map(|flag| {
        let text = format!(
            r#"
variable "if" {flag}
locals {{
  mine  = {{ StringLike = {{ "gitlab.com:sub" = "project_path:a/b:*" }} }}
  other = {{ StringLike = {{ "gitlab.com:sub" = "project_path:other/x:*" }} }}
  allow = {{
    Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity"
    Principal = {{ Federated = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }}
  }}
  deny = merge(local.allow, {{ Effect = "Deny" }})
}}
resource "aws_iam_role" "r" {{
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = concat([merge(local.allow, {statement})], {more}) }})
}}"#
        );
        let (allowed, on) = answered(&text, &[]);
        assert_eq!(allowed.is_none(), on.contains("var.if"), "{text}: {on}");
        allowed
    })
}

#[test]
fn what_a_condition_may_leave_out_is_judged_by_the_condition() {
    let (yes, no, open) = (Some(true), Some(false), None);
    for (condition, answers) in [
        ("merge({}, var.if ? local.other : {})", [yes, open, no]),
        ("merge({}, var.if ? {} : local.other)", [no, open, yes]),
        ("merge({}, var.if ? local.mine : {})", [yes, open, yes]),
        ("merge({}, var.if ? local.other : null)", [yes, open, no]),
        ("merge(local.other, var.if ? local.mine : {})", [no, open, yes]),
        ("var.if ? local.other : {}", [yes, open, no]),
        ("var.if ? local.mine : local.other", [no, open, yes]),
        ("merge(local.other, var.if ? { StringEquals = { \"gitlab.com:project_id\" = \"7\" } } : {})", [no, no, no]),
        // Under one operator, and as values.
        ("{ StringLike = var.if ? local.other.StringLike : {} }", [yes, open, no]),
        (
            "{ StringLike = { \"gitlab.com:sub\" = concat([\"x\"], var.if ? [\"project_path:a/b:*\"] : []) } }",
            [no, open, yes],
        ),
        (
            "{ StringLike = { \"gitlab.com:sub\" = concat([\"*\"], var.if ? [\"project_path:a/b:*\"] : []) } }",
            [yes, yes, yes],
        ),
        ("{ StringLike = { \"gitlab.com:sub\" = var.if ? \"project_path:a/b:*\" : \"\" } }", [no, open, yes]),
        ("{ StringLike = { \"gitlab.com:sub\" = \"project_path:a/b:${var.if ? \"*\" : \"\"}\" } }", [no, open, yes]),
        // An empty list is what a key that is not there satisfies.
        ("{ StringLike = { \"gitlab.com:ref_path\" = var.if ? [\"x\"] : [] } }", [yes, open, no]),
        // The places in a list that may be shorter are not known.
        ("{ StringLike = { \"gitlab.com:sub\" = concat(var.if ? [\"*\"] : [], [\"*\", \"x\"])[1] } }", [no, open, yes]),
        (
            "{ StringLike = { \"gitlab.com:sub\" = element(concat(var.if ? [\"*\"] : [], [\"*\", \"x\"]), 1) } }",
            [no, open, yes],
        ),
    ] {
        assert_eq!(decided_by(&format!("{{ Condition = {condition} }}"), "[]"), answers, "{condition}");
    }
    let never = "{ Condition = local.other }";
    for (statement, more, answers) in [
        ("var.if ? { Condition = local.other } : {}", "[]", [yes, open, no]),
        ("{}", "var.if ? [local.deny] : []", [yes, open, no]),
        ("{}", "var.if ? [] : [local.deny]", [no, open, yes]),
        (never, "var.if ? [local.allow] : []", [no, open, yes]),
        (never, "var.if ? [local.allow] : [local.deny]", [no, open, yes]),
        (never, "var.if ? [merge(local.allow, { Condition = local.other })] : []", [no, no, no]),
        ("{ Effect = \"Deny\" }", "var.if ? [local.allow] : []", [no, no, no]),
    ] {
        assert_eq!(decided_by(statement, more), answers, "{statement} {more}");
    }
}

#[test]
fn a_default_that_is_empty_is_there_to_be_set() {
    let of = |condition: &str| {
        role(&format!(
            "jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRoleWithWebIdentity\", Principal = {{ \
            Federated = \"arn:aws:iam::123456789012:oidc-provider/gitlab.com\" }}, Condition = {condition} }}] }})"
        )) + "variable \"none\" {\n default = []\n}\nvariable \"more\" {\n default = {}\n}\n"
    };
    for (condition, given, allowed) in [
        ("{ StringLike = { \"gitlab.com:sub\" = var.none } }", ("none", "[\"*\"]"), true),
        // An empty list is what a key that is not there satisfies.
        ("{ StringLike = { \"gitlab.com:ref_path\" = var.none } }", ("none", "[]"), true),
        ("{ StringLike = { \"gitlab.com:ref_path\" = concat(var.none, []) } }", ("none", "[]"), true),
        ("{ StringLike = { \"gitlab.com:sub\" = concat([\"x\"], var.none) } }", ("none", "[]"), false),
        ("{ StringLike = merge({ \"gitlab.com:sub\" = \"x\" }, var.more) }", ("more", "{}"), false),
        ("merge({ StringLike = { \"gitlab.com:sub\" = \"*\" } }, var.more)", ("more", "{}"), true),
    ] {
        let text = of(condition);
        let (undecided, on) = answered(&text, &[]);
        assert_eq!((undecided, on), (None, format!("var.{}", given.0)), "{condition}");
        assert_eq!(answered(&text, &[given]).0, Some(allowed), "{condition}");
    }
    // Whether it was set is asked of the default.
    let text = of("{ StringLike = { \"gitlab.com:sub\" = length(var.none) == 0 ? [\"*\"] : var.none } }");
    assert_eq!(answered(&text, &[]).0, Some(true));
    assert_eq!(answered(&text, &[("none", "[\"x\"]")]).0, Some(false));
}

#[test]
fn of_what_may_not_be_there_nothing_is_told_by_going_through_it() {
    let statement = "merge({ Effect = \"Allow\", Action = \"sts:AssumeRoleWithWebIdentity\", Principal = { Federated = \"p\" } }, it)";
    let text = format!(
        "variable \"if\" {{}}\n{}",
        role(&format!("jsonencode({{ Statement = [for it in (var.if ? [{{}}] : []) : {statement}] }})"))
    );
    let source = read(&text, &[]);
    assert!(source.policies.is_empty() && source.problems[0].message.contains("is not in this text"), "{source:?}");
}

#[test]
fn what_terraform_does_not_take_is_no_policy() {
    let document = |rest: &str| {
        format!(
            "{}data \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      \
            type = \"Federated\"\n      identifiers = [\"p\"]\n    }}\n{rest}\n}}\n",
            role("data.aws_iam_policy_document.t.json")
        )
    };
    let inside = |it: &str| document(&format!("    {it}\n  }}"));
    let behind = |it: &str| document(&format!("  }}\n  {it}"));
    let condition = "{\n test = \"StringEquals\"\n variable = \"gitlab.com:sub\"\n values = [\"x\"]\n }";
    for (text, at, words) in [
        (
            inside(&format!("conditions {condition}")),
            "conditions",
            "takes no block `conditions` here; did you mean `condition`?",
        ),
        (
            inside(&format!("dynamic \"conditions\" {{\n for_each = [1]\n content {condition}\n }}")),
            "\"conditions\"",
            "takes no block `conditions` here; did you mean `condition`?",
        ),
        (
            inside(&format!("dynamic \"condition\" {{\n for_each = [1]\n contents {condition}\n }}")),
            "dynamic",
            "without `content`",
        ),
        (
            inside("condition {\n tests = \"StringEquals\"\n }"),
            "tests",
            "takes no argument `tests` here; did you mean `test`?",
        ),
        (inside("action = [\"sts:A\"]"), "action", "takes no argument `action` here; did you mean `actions`?"),
        (inside("condition = []"), "condition", "takes no argument `condition` here"),
        (behind(&format!("statements {condition}")), "statements", "did you mean `statement`?"),
        (
            behind("overide_policy_documents = []"),
            "overide_policy_documents",
            "did you mean `override_policy_documents`?",
        ),
    ] {
        let source = read(&text, &[]);
        let problem = source.problems.first().unwrap_or_else(|| panic!("{text}"));
        assert!(source.policies.is_empty() && problem.message.contains(words), "{text}: {problem:?}");
        assert_eq!(problem.span.unwrap().of(&text), at, "{text}");
    }
    for taken in [
        "depends_on = []",
        "lifecycle {\n postcondition {\n condition = true\n error_message = \"x\"\n }\n }",
        "count = 1",
    ] {
        one(&behind(taken));
    }
    let json = r#"{"data": {"aws_iam_policy_document": {"t": {"statement": {"actions": ["sts:A"], "conditions": {"test": "x"}}}}},
        "resource": {"aws_iam_role": {"r": {"assume_role_policy": "${data.aws_iam_policy_document.t.json}"}}}}"#;
    let source = read(json, &[]);
    assert!(
        source.problems[0].message.contains("`conditions` here; did you mean `condition`?"),
        "{:?}",
        source.problems
    );
}

#[test]
fn an_id_of_a_statement_that_is_not_known_hides_nothing() {
    for sid in ["\"S${var.nope}\"", "\"S${substr(\"abc\", 0, 1)}\"", "var.nope"] {
        let text = format!(
            "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Sid = {sid}, Effect = \"Allow\", Action = \"sts:AssumeRoleWithWebIdentity\", Principal = {{ Federated = \"arn:aws:iam::123456789012:oidc-provider/gitlab.com\" }} }}] }})\n}}\n"
        );
        let source = crate::source::read(&text, &[]);
        let [found] = source.policies.as_slice() else { panic!("{sid}: {:?}", source.problems) };
        let policy = found.policy.as_ref().expect("a policy");
        assert_eq!(policy.statements.len(), 1, "{sid}");
    }
}
