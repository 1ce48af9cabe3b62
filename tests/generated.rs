//! Laws of the generated files, for every setup in `tests/setups` and for random ones: they parse, in readers that are not ours, to
//! the values that were meant.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's own data")]

mod common;

use claimcheck::generate::{Kind, render, trust_policy};
use claimcheck::setup::{Method, Setup};
use hcl::eval::{Context, Evaluate, FuncArgs, FuncDef, ParamType};
use serde_json::{Value as Json, json};
use serde_yaml_ng::Value as Yaml;

fn text(setup: &Setup, kind: Kind) -> String {
    render(setup, kind, None).unwrap().text
}

/// What Terraform makes of a body's `locals` with the defaults of its variables.
fn locals(body: &hcl::Body) -> hcl::Map<String, hcl::Value> {
    let mut context = Context::new();
    let encode = |args: FuncArgs| Ok::<_, String>(hcl::Value::from(serde_json::to_string(&args[0]).unwrap()));
    context.declare_func("jsonencode", FuncDef::builder().param(ParamType::Any).build(encode));
    let trim = |args: FuncArgs| {
        let (text, prefix) = (args[0].as_str().unwrap(), args[1].as_str().unwrap());
        Ok::<_, String>(hcl::Value::from(text.strip_prefix(prefix).unwrap_or(text)))
    };
    let two_texts = FuncDef::builder().params([ParamType::String, ParamType::String]);
    context.declare_func("trimprefix", two_texts.build(trim));
    let mut variables = hcl::Map::new();
    for block in body.blocks().filter(|it| it.identifier.as_str() == "variable") {
        let default = block.body.attributes().find(|it| it.key.as_str() == "default").unwrap();
        variables.insert(block.labels[0].as_str().to_owned(), default.expr.evaluate(&context).unwrap());
    }
    context.declare_var("var", hcl::Value::Object(variables));
    let mut locals = hcl::Map::new();
    let block = body.blocks().find(|it| it.identifier.as_str() == "locals").unwrap();
    for attribute in block.body.attributes() {
        context.declare_var("local", hcl::Value::Object(locals.clone()));
        let value = attribute.expr.evaluate(&context).unwrap();
        locals.insert(attribute.key.as_str().to_owned(), value);
    }
    locals
}

fn blocks<'b>(body: &'b hcl::Body, kind: &'b str) -> impl Iterator<Item = &'b hcl::Block> {
    body.blocks().filter(move |it| it.identifier.as_str() == "resource" && it.labels[0].as_str() == kind)
}

#[test]
fn terraform_says_what_the_json_says() {
    for (name, setup) in common::setups() {
        let body = hcl::parse(&text(&setup, Kind::Terraform)).unwrap();
        let locals = locals(&body);
        assert_eq!(locals["provider_arn"].as_str(), Some(setup.provider_arn().as_str()), "{name}");
        let policies = locals["trust_policies"].as_object().unwrap();
        assert_eq!(policies.len(), setup.roles().len());
        for role in setup.roles() {
            let from_terraform: Json = serde_json::from_str(policies[role.name.as_str()].as_str().unwrap()).unwrap();
            let wanted: Json = serde_json::from_str(&trust_policy(&setup, role)).unwrap();
            assert_eq!(from_terraform, wanted, "{name}: {}", role.name);
        }
        let documents = setup.roles().iter().filter_map(|it| it.permissions_document.as_ref());
        let documents: Vec<Json> =
            documents.map(|it| serde_json::from_str(&claimcheck::print::json::compact(it)).unwrap()).collect();
        let inline: Vec<Json> = blocks(&body, "aws_iam_role_policy")
            .map(|it| {
                let policy = it.body.attributes().find(|it| it.key.as_str() == "policy").unwrap();
                let hcl::Expression::FuncCall(call) = &policy.expr else { panic!("{name}: no call") };
                serde_json::to_value(call.args[0].evaluate(&Context::new()).unwrap()).unwrap()
            })
            .collect();
        assert_eq!(inline, documents, "{name}");
        let mut labels: Vec<&str> = blocks(&body, "aws_iam_role").map(|it| it.labels[1].as_str()).collect();
        assert_eq!(labels.len(), setup.roles().len());
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), setup.roles().len(), "{name}: each role has a label of its own");
    }
}

/// Every scalar in a tree, keys included.
fn scalars<'y>(node: &'y Yaml, out: &mut Vec<&'y Yaml>) {
    match node {
        Yaml::Mapping(map) => map.iter().for_each(|(key, value)| {
            out.push(key);
            scalars(value, out);
        }),
        Yaml::Sequence(items) => items.iter().for_each(|it| scalars(it, out)),
        scalar => out.push(scalar),
    }
}

#[test]
fn the_ci_file_parses_to_the_jobs_that_were_meant() {
    for (name, setup) in common::setups() {
        let tree: Yaml = serde_yaml_ng::from_str(&text(&setup, Kind::GitlabCi)).unwrap();
        let mut all = Vec::new();
        scalars(&tree, &mut all);
        assert!(all.iter().all(|it| it.is_string()), "{name}: every scalar is a string");
        let jobs = tree.as_mapping().unwrap();
        assert_eq!(jobs.len(), setup.roles().len());
        for role in setup.roles() {
            let several = setup.roles().len() > 1;
            let job = setup.ci().job.as_str();
            let job = if several { format!("{job}-{}", role.name) } else { job.to_owned() };
            let job: Json = serde_json::to_value(&jobs[job.as_str()]).unwrap();
            assert_eq!(job["image"], json!({ "name": setup.ci().image(), "entrypoint": [""] }), "{name}");
            let audience = setup.gitlab().audience.as_str();
            assert_eq!(job["id_tokens"], json!({ "GITLAB_OIDC_TOKEN": { "aud": audience } }), "{name}");
            assert_eq!(job["environment"]["name"].as_str(), role.environment.as_ref().map(|it| it.as_str()), "{name}");
            let rules = job["rules"].as_array().unwrap();
            assert!(!rules.is_empty(), "{name}: a job without rules would run everywhere");
            assert!(rules.iter().all(|it| it.as_object().unwrap().keys().eq(["if"])));
            let script = job["before_script"][0].as_str().unwrap();
            assert!(script.contains(&setup.role_arn(role)), "{name}");
            let regions = script.matches("export AWS_REGION=").count();
            assert_eq!(regions, 1, "{name}: the region, or where it would be said");
            let method = match setup.ci().method {
                Method::TokenFile => "export AWS_WEB_IDENTITY_TOKEN_FILE\n".to_owned(),
                Method::AssumeRole { session_seconds } => format!("--duration-seconds {session_seconds} "),
            };
            assert!(script.contains(&method), "{name}");
            assert!(!script.contains("jq"));
        }
    }
}

mod printers {
    use std::process::Command;

    use claimcheck::print::ci_expression::{Test, all};
    use claimcheck::print::hcl::{self, Expr, text};
    use claimcheck::print::shell::word;
    use claimcheck::print::yaml::{self, Yaml};
    use proptest::prelude::*;

    use crate::common::ci_expression::{Expression, Variables};

    /// Texts full of what the formats care about.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => prop::sample::select(vec![
                "${", "%{", "$", "%", "{", "}", "\"", "'", "`", "\\", "\\n", "\n", "\r\n", "\t", " ", "#", " #", ":", ": ", "- ",
                "? ", "|", ">", "&a", "*", "!", "@", "[", "]", ",", "<<", "EOF", "\u{85}", "\u{2028}", "\u{202e}", "\u{feff}",
                "\u{a0}", "\u{7f}", "\u{9f}", "true", "no", "null", "~", "0", "1e3", "0x1f", "12:30", "2001-01-01", "=", "é", "字",
                "🚀", "/", "\\/", "$(id)", "$$", "(", ")", "^", "+", ".",
            ]).prop_map(str::to_owned),
            2 => "[a-zA-Z0-9_.-]{1,6}",
            1 => any::<char>().prop_filter("no shell can hold NUL", |it| *it != '\0').prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..8).prop_map(|it| it.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn yaml_reads_back(key in hostile(), value in hostile(), about in hostile()) {
            let list = Yaml::List(vec![Yaml::text(&value), Yaml::Map(vec![(key.clone(), Yaml::text(&value))]), Yaml::text("last")]);
            let tree = Yaml::Map(vec![("list".to_owned(), list)]);
            let mut out = String::new();
            yaml::comment(&about, 0, &mut out);
            out.push_str(&yaml::lines("{}:\n  line: {}\n", &[&key, &value]));
            yaml::comment(&about, 1, &mut out);
            out.push_str("  tree:");
            tree.write(1, &mut out);
            let back: serde_json::Value = serde_yaml_ng::from_str(&out).unwrap();
            let back = &back[&key];
            prop_assert_eq!(&back["line"], &value, "{}", out);
            prop_assert_eq!(&back["tree"]["list"], &serde_json::json!([value, { key: value }, "last"]), "{}", out);
        }

        #[test]
        fn hcl_reads_back(key in hostile(), value in hostile(), about in hostile()) {
            let list = Expr::List(vec![Expr::text(&value), Expr::text(&value)]);
            let object = Expr::Object(vec![(vec![text(&key)], list)]);
            let about = hcl::comment(&about);
            let text = [about.clone(), hcl::lines("b {} {\n  c = {}\n", &["l", &value]), about, object.assigned(1, "a"), "}\n".to_owned()];
            let text = text.concat();
            let back: serde_json::Value = ::hcl::from_str(&text).map_err(|it| TestCaseError::fail(format!("{it}\n{text}")))?;
            prop_assert_eq!(&back["b"]["l"]["a"], &serde_json::json!({ key: [&value, &value] }), "{}", text);
            prop_assert_eq!(&back["b"]["l"]["c"], &serde_json::json!(value), "{}", text);
        }

        #[test]
        fn the_shell_reads_words_back(words in prop::collection::vec(hostile(), 1..6)) {
            let script = format!("printf '%s\\0' {}", words.iter().map(|it| word(it)).collect::<Vec<_>>().join(" "));
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            let wanted: String = words.iter().flat_map(|it| [it.as_str(), "\0"]).collect();
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), wanted);
        }

        #[test]
        fn an_expression_means_its_values(value in hostile(), other in hostile()) {
            prop_assume!(!value.is_empty() && !value.contains('\n'));
            let expressions = [
                all(&[Test::OneOf("V", vec![value.clone()])]),
                all(&[Test::OneOf("V", vec![value.clone(), "other than that".to_owned()])]),
            ];
            for expression in expressions.map(|it| Expression::read(&it)) {
                for (it, wanted) in [(&value, true), (&other, value == other)] {
                    let variables = Variables::from([("V", it.clone())]);
                    prop_assert_eq!(expression.holds(&variables), wanted, "{:?}", it);
                }
                prop_assert!(!expression.holds(&Variables::new()));
            }
        }
    }
}

mod rules {
    use claimcheck::generate::{Kind, render};
    use claimcheck::pattern::Pattern;
    use claimcheck::setup::{Scope, Setup, file};
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use crate::common::ci_expression::{Expression, Variables};

    const PROJECTS: [&str; 4] = ["g/a", "g/b", "g/sub/a", "h/a"];
    const REFS: [&str; 9] = ["main", "v1.0", "feature/x", "${x}", "it's \"x\"", "a|b", "é", "$", "mainx"];
    const SOURCES: [&str; 3] = ["push", "schedule", "merge_request_event"];

    /// A pipeline, as far as rules see it. A merge request's has a source branch and no branch of its own.
    #[derive(Debug, Clone)]
    struct Pipeline {
        project: &'static str,
        tag: bool,
        reference: &'static str,
        source: &'static str,
        protected: bool,
        user: &'static str,
    }

    impl Pipeline {
        fn variables(&self) -> Variables {
            let reference = if self.tag {
                "CI_COMMIT_TAG"
            } else if self.source == "merge_request_event" {
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"
            } else {
                "CI_COMMIT_BRANCH"
            };
            Variables::from([
                ("CI_PROJECT_PATH", self.project.to_owned()),
                ("CI_PROJECT_ID", PROJECTS.iter().position(|it| *it == self.project).unwrap().to_string()),
                (reference, self.reference.to_owned()),
                ("CI_PIPELINE_SOURCE", self.source.to_owned()),
                ("CI_COMMIT_REF_PROTECTED", self.protected.to_string()),
                ("GITLAB_USER_LOGIN", self.user.to_owned()),
            ])
        }

        /// What the sentence says, word by word; pipelines of merge requests only where the scope names that source.
        fn is_meant_by(&self, scope: &Scope) -> bool {
            let like = |pattern: &str, value: &str| Pattern::like(pattern, false).unwrap().matches(value);
            let kind = if self.tag { "tag" } else { "branch" };
            let claim = |name: &str| match name {
                "pipeline_source" => Some(self.source.to_owned()),
                "ref_protected" => Some(self.protected.to_string()),
                "user_login" => Some(self.user.to_owned()),
                _ => None,
            };
            like(scope.project.as_str(), self.project)
                && scope.ref_types.each().iter().any(|it| it.as_str() == kind)
                && like(scope.reference.as_str(), self.reference)
                && scope.pins.iter().all(|pin| claim(pin.claim).is_none_or(|it| pin.values.contains(&it)))
                && (self.source != "merge_request_event" || scope.pin("pipeline_source").is_some())
        }
    }

    fn pipeline() -> impl Strategy<Value = Pipeline> {
        let pick = prop::sample::select::<&'static str>;
        (
            pick(&PROJECTS[..]),
            any::<bool>(),
            pick(&REFS[..]),
            pick(&SOURCES[..]),
            any::<bool>(),
            pick(&["jdoe", "x"][..]),
        )
            .prop_map(|(project, tag, reference, source, protected, user)| {
                let source = if tag && source == "merge_request_event" { "push" } else { source };
                Pipeline { project, tag, reference, source, protected, user }
            })
    }

    fn scope() -> impl Strategy<Value = Json> {
        let pick = prop::sample::select::<&'static str>;
        let reference = pick(
            &["main", "main*", "v?.?", "*", "feature/*", "${x}", "it's?\"x\"", "it's*", "a|b", "é", "?", "$*"][..],
        );
        let sources = prop::option::of(prop::sample::subsequence(SOURCES.to_vec(), 1..=3));
        (
            pick(&["g/a", "g/*", "*/a", "g/?"][..]),
            pick(&["branch", "tag", "any"][..]),
            reference,
            sources,
            prop::option::of(any::<bool>()),
            prop::option::of(pick(&["jdoe", "j"][..])),
            any::<bool>(),
        )
            .prop_map(|(project, kind, reference, sources, protected, user, runner)| {
                let mut scope = json!({ "project": project, "ref_type": kind, "ref": reference });
                let mut put = |name: &str, value: Option<Json>| {
                    if let Some(value) = value {
                        scope[name] = value;
                    }
                };
                put("pipeline_source", sources.map(|it| json!(it)));
                put("ref_protected", protected.map(|it| json!(it)));
                put("user_login", user.map(|it| json!(it)));
                // No rule knows the runner: left out, so the rule stays as wide as the rest of the scope.
                put("runner_environment", runner.then(|| json!("gitlab-hosted")));
                scope
            })
    }

    fn setup(scopes: &[Json]) -> Setup {
        let setup = json!({
            "version": 1,
            "aws": { "account_id": "123456789012" },
            "roles": [{ "name": "r", "scopes": scopes }],
        });
        file::read(&setup.to_string()).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rules_start_the_job_where_the_sentences_say(
            scopes in prop::collection::vec(scope(), 1..4),
            pipelines in prop::collection::vec(pipeline(), 24),
        ) {
            let setup = setup(&scopes);
            let text = render(&setup, Kind::GitlabCi, None).unwrap().text;
            let tree: Json = serde_yaml_ng::from_str(&text).unwrap();
            let rules: Vec<&str> =
                tree["deploy"]["rules"].as_array().unwrap().iter().map(|it| it["if"].as_str().unwrap()).collect();
            let expressions: Vec<Expression> = rules.iter().map(|it| Expression::read(it)).collect();
            let role = &setup.roles()[0];
            // With one project the file goes into that project, and its rules do not ask again.
            let one = role.scopes.iter().all(|it| it.project.as_str() == "g/a");
            for pipeline in pipelines.iter().filter(|it| !one || it.project == "g/a") {
                let variables = pipeline.variables();
                let starts = expressions.iter().any(|it| it.holds(&variables));
                let meant = role.scopes.iter().any(|it| pipeline.is_meant_by(it));
                prop_assert_eq!(starts, meant, "{:?}\n{}", pipeline, rules.join("\n"));
            }
        }
    }
}
