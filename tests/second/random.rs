//! Random policies, tokens and circumstances, from a seed.

use super::evaluator::{AGAIN, Call};
use serde_json::{Map, Value, json};

pub(crate) const NOW: i64 = 1_795_168_860;
pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const CALLER: &str = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";

const SUB: &str = "project_path:g/p:ref_type:branch:ref:main";

/// A small generator of numbers: xorshift64*.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Once in `n`.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// The same letters, some of them in the other case.
    fn random_case(&mut self, text: &str) -> String {
        text.chars().map(|it| if self.once_in(3) { it.to_ascii_uppercase() } else { it }).collect()
    }
}

const TEXT_OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
const DATE_OPERATORS: [&str; 6] =
    ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"];
const NUMBER_OPERATORS: [&str; 6] = [
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const ARN_OPERATORS: [&str; 4] = ["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"];
const ADDRESS_OPERATORS: [&str; 2] = ["IpAddress", "NotIpAddress"];

/// A sort of key with the operators that are made for it, and values.
struct Sort {
    keys: &'static [&'static str],
    operators: &'static [&'static [&'static str]],
    values: &'static [&'static str],
}

const VARIABLES: [&str; 19] = [
    "${gitlab.com:aud}",
    "${GitLab.com:Sub}",
    "project_path:${gitlab.com:namespace_id}/p:ref_type:*",
    "${gitlab.com:project_id}",
    "*${gitlab.com:user_login}*",
    "${gitlab.com:user_access_level, 'developer'}",
    "${gitlab.com:user_access_level}",
    "${aws:PrincipalTag/pid, '4711'}",
    "${aws:PrincipalTag/star, 'm*n'}",
    "${aws:PrincipalTag/pid}",
    "${sts:RoleSessionName}",
    "${aws:UserAgent, 'x'}",
    "${aws:userid}",
    "a${$}{b}",
    "*:ref:m${*}n",
    "*:ref:m${?}in",
    "*:ref:${broken",
    "${}",
    "${aws:TagKeys, 'x'}",
];

const SORTS: [Sort; 9] = [
    Sort {
        keys: &["gitlab.com:sub"],
        operators: &[&TEXT_OPERATORS],
        values: &[
            SUB,
            SUB,
            "PROJECT_PATH:g/p:ref_type:branch:ref:MAIN",
            "project_path:g/*",
            "project_path:g/p:*",
            "*:ref:main",
            "*main",
            "*:ref:m?in",
            "*",
            "",
            "?",
            "project_path:g*:ref:v*",
            "project_path:h/*",
            "*:ref:m*n",
            "**m?*n",
            "project_path:g/p:ref_type:branch:ref:main?",
            "*é*",
        ],
    },
    Sort {
        keys: &["gitlab.com:aud", "gitlab.com:aud", "gitlab.com:oaud", "gitlab.com:amr", "gitlab.com:email"],
        operators: &[&TEXT_OPERATORS],
        values: &[
            "https://gitlab.com",
            "HTTPS://gitlab.com",
            "https://*",
            "*",
            "other",
            "sts.amazonaws.com",
            "https://gitlab.co?",
        ],
    },
    Sort {
        keys: &[
            "gitlab.com:namespace_id",
            "gitlab.com:pipeline_source",
            "gitlab.com:project_id",
            "gitlab.com:ref_protected",
            "gitlab.com:runner_environment",
            "gitlab.com:user_access_level",
            "gitlab.com:user_email",
            "gitlab.com:user_id",
            "gitlab.com:user_login",
        ],
        operators: &[
            &TEXT_OPERATORS,
            &TEXT_OPERATORS,
            &TEXT_OPERATORS,
            &TEXT_OPERATORS,
            &["Bool", "NumericEquals", "ArnLike", "BinaryEquals"],
        ],
        values: &[
            "g",
            "push",
            "4711",
            "4712",
            "true",
            "false",
            "47*",
            "gitlab-hosted",
            "developer",
            "alice",
            "ALICE",
            "*",
            "a?ice",
            "",
            "9",
        ],
    },
    Sort {
        keys: &[
            "gitlab.com:ref",
            "gitlab.com:environment",
            "gitlab.com:iss",
            "gitlab.com:project_path",
            "gitlab.example.com:sub",
            "token.actions.githubusercontent.com:sub",
            "gitlab.com/x:sub",
            "aws:PrincipalOrgID",
            "aws:PrincipalTag/pid",
            "aws:RequestTag/a",
            "aws:TagKeys",
            "aws:username",
            "sts:ExternalId",
            "sts:SourceIdentity",
            "sts:TransitiveTagKeys",
        ],
        operators: &[&TEXT_OPERATORS],
        values: &["main", "*", "x", "https://gitlab.com", "o-1"],
    },
    Sort {
        keys: &[
            "aws:UserAgent",
            "aws:RequestedRegion",
            "sts:RoleSessionName",
            "aws:SourceVpc",
            "aws:Unheard",
            "aws:PrincipalAccount",
            "aws:PrincipalType",
            "aws:userid",
        ],
        operators: &[&TEXT_OPERATORS],
        values: &[
            "us-east-1",
            "us-*",
            "*",
            "ci-7",
            "ci-*",
            "User",
            ACCOUNT,
            CALLER,
            "arn:aws:iam::*:oidc-provider/*",
            "x",
        ],
    },
    Sort {
        keys: &["aws:CurrentTime", "aws:EpochTime"],
        operators: &[&DATE_OPERATORS, &DATE_OPERATORS, &NUMBER_OPERATORS, &["StringLike"]],
        values: &[
            "2026-11-20T09:21:00Z",
            "2026-11-20T10:21:00+01:00",
            "2026-11-20T09:20:59Z",
            "2026-11-20T09:21:01Z",
            "2026-11-20",
            "2030-01-01T00:00:00Z",
            "1795168860",
            "1795168859",
            "1795168861.5",
            "-3",
            "1795168860.0",
            "2026-11-20T09:21:00.500Z",
            "2026-02-30T00:00:00Z",
            "soon",
            "20*",
            "0",
            "2026",
            "+1795168860",
        ],
    },
    Sort {
        keys: &["aws:SourceIp", "aws:VpcSourceIp"],
        operators: &[&ADDRESS_OPERATORS, &ADDRESS_OPERATORS, &ADDRESS_OPERATORS, &["StringLike"]],
        values: &[
            "203.0.113.0/24",
            "203.0.113.7",
            "203.0.113.7/32",
            "203.0.113.6/31",
            "0.0.0.0/0",
            "10.0.0.0/8",
            "203.0.113.77/24",
            "2001:db8::/32",
            "2001:db8::5",
            "::/0",
            "203.0.113.0/33",
            "203.0.113.0/+24",
            "203.0.113",
            "*",
            "2001:db8:0:0:0:0:0:0/33",
            "203.0.113.0/024",
            "::ffff:cb00:7100/120",
            "::ffff:203.0.113.0/120",
        ],
    },
    Sort {
        keys: &["aws:SecureTransport", "aws:MultiFactorAuthPresent", "sts:RoleAuthorizedByIdp"],
        operators: &[&["Bool"], &["Bool"], &["Bool"], &["StringEquals"]],
        values: &["true", "false", "true", "false", "True", "x", "${gitlab.com:ref_protected}"],
    },
    Sort {
        keys: &["aws:PrincipalArn", "aws:FederatedProvider"],
        operators: &[&ARN_OPERATORS, &ARN_OPERATORS, &ARN_OPERATORS, &TEXT_OPERATORS],
        values: &[
            CALLER,
            "arn:aws:iam::*:oidc-provider/gitlab.com",
            "arn:*:iam::123456789012:*",
            "arn:aws:iam::*:role/x",
            "*",
            "arn:aws:*",
            "arn:aws:sts::?23456789012:oidc-provider/*",
            "arn:aws:iam::123456789012:oidc-provider/*:x",
            "arn:aws:iam::${aws:PrincipalAccount}:oidc-provider/*",
            "arn:aws:iam::*:OIDC-provider/gitlab.com",
        ],
    },
];

fn value(dice: &mut Dice, text: &str) -> Value {
    match text {
        "true" if dice.once_in(2) => json!(true),
        "false" if dice.once_in(2) => json!(false),
        "4711" | "1795168860" if dice.once_in(2) => json!(text.parse::<i64>().unwrap()),
        _ => json!(text),
    }
}

fn condition(dice: &mut Dice) -> (String, String, Value) {
    // Keys of the token are the most common.
    let sort = &SORTS[if dice.once_in(2) { dice.below(3) } else { dice.below(SORTS.len()) }];
    let family = sort.operators[dice.below(sort.operators.len())];
    let mut operator = dice.pick(family).to_owned();
    let mut values = sort.values;
    if dice.once_in(12) {
        operator = "Null".to_owned();
        values = if dice.once_in(12) { &["True", "x", ""] } else { &["true", "false"] };
    }
    if dice.once_in(5) && (operator != "Null" || dice.once_in(10)) {
        operator.push_str("IfExists");
    }
    match dice.below(10) {
        0 => operator.insert_str(0, "ForAllValues:"),
        1 => operator.insert_str(0, "ForAnyValue:"),
        _ => {}
    }
    if dice.once_in(60) {
        operator = dice.random_case(&operator.to_lowercase());
    }
    let key = dice.pick(sort.keys);
    let key = if dice.once_in(4) { dice.random_case(key) } else { key.to_owned() };
    let one = |dice: &mut Dice| {
        let text = if dice.once_in(10) { dice.pick(&VARIABLES) } else { dice.pick(values) };
        value(dice, text)
    };
    let wanted = match dice.below(40) {
        0 => json!([]),
        1..10 => Value::Array((0..=dice.below(4)).map(|_| one(dice)).collect()),
        _ => one(dice),
    };
    (operator, key, wanted)
}

fn principal(dice: &mut Dice) -> Value {
    match dice.below(40) {
        0 => json!({"Federated": ["arn:aws:iam::123456789012:oidc-provider/x.org", CALLER]}),
        1 => json!({"Federated": "arn:aws:iam::999999999999:oidc-provider/gitlab.com"}),
        2 => json!({"Federated": "arn:aws:iam::123456789012:oidc-provider/GitLab.com"}),
        3 => json!({"AWS": "*"}),
        4 => json!({"AWS": "arn:aws:iam::123456789012:root", "Federated": CALLER}),
        5 => json!({"Service": "ec2.amazonaws.com"}),
        6 => json!({"Federated": "arn:aws:iam::*:oidc-provider/gitlab.com"}),
        7 => json!({"Federated": []}),
        8 => json!({"CanonicalUser": "x"}),
        9 => json!({"Federated": "*"}),
        _ => json!({"Federated": CALLER}),
    }
}

fn statement(dice: &mut Dice) -> Value {
    let mut it = Map::new();
    it.insert("Effect".to_owned(), json!(if dice.once_in(5) { "Deny" } else { "Allow" }));
    it.insert("Principal".to_owned(), principal(dice));
    let action = match dice.below(30) {
        0 => json!("sts:*"),
        1 => json!(["sts:TagSession", "STS:assumerolewithWEBidentity"]),
        2 => json!("sts:AssumeRole"),
        3 => json!("sts:AssumeRole*"),
        4 => json!("*"),
        5 => json!("sts:AssumeRoleWithWebIdentit?"),
        6 => json!([]),
        _ => json!("sts:AssumeRoleWithWebIdentity"),
    };
    it.insert(if dice.once_in(40) { "NotAction" } else { "Action" }.to_owned(), action);
    let mut blocks = Map::new();
    for _ in 0..[0, 1, 1, 1, 1, 2, 2, 2, 3, 4][dice.below(10)] {
        let (operator, key, wanted) = condition(dice);
        let block = blocks.entry(operator.clone()).or_insert_with(|| json!({}));
        let block = block.as_object_mut().unwrap();
        if dice.once_in(100) {
            block.insert(format!("{key}{AGAIN}"), condition(dice).2);
        }
        block.insert(key, wanted);
        if dice.once_in(200) {
            let (_, key, wanted) = condition(dice);
            blocks.insert(format!("{operator}{AGAIN}"), json!({key: wanted}));
        }
    }
    if !blocks.is_empty() || dice.once_in(3) {
        it.insert("Condition".to_owned(), Value::Object(blocks));
    }
    if dice.once_in(200) {
        it.insert(format!("Effect{AGAIN}"), json!("Deny"));
    }
    Value::Object(it)
}

pub(crate) fn policy(dice: &mut Dice) -> Value {
    let mut it = Map::new();
    match dice.below(10) {
        0 => {}
        1 => drop(it.insert("Version".to_owned(), json!("2008-10-17"))),
        _ => drop(it.insert("Version".to_owned(), json!("2012-10-17"))),
    }
    let statements: Vec<Value> = (0..[1, 1, 1, 2, 2, 3][dice.below(6)]).map(|_| statement(dice)).collect();
    let one = statements.len() == 1 && dice.once_in(2);
    it.insert("Statement".to_owned(), if one { statements[0].clone() } else { Value::Array(statements) });
    Value::Object(it)
}

pub(crate) fn call(dice: &mut Dice) -> Call {
    let sub = match dice.below(12) {
        0 => "project_path:g/p:ref_type:branch:ref:m*n",
        1 => "project_path:h/p:ref_type:tag:ref:v1",
        2 => "a${b}",
        3 => "project_path:g/é:ref_type:branch:ref:main",
        4 if dice.once_in(4) => "",
        _ => SUB,
    };
    let mut token = json!({
        "iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": sub, "iat": NOW - 60, "exp": NOW + 3_540, "ref": "main",
        "project_path": "g/p", "project_id": dice.pick(&["4711", "4712"]), "namespace_id": "g", "ref_protected": dice.pick(&["true", "false"]),
        "pipeline_source": dice.pick(&["push", "web"]), "user_login": dice.pick(&["alice", "a*", "main"]), "user_email": "a@x.org", "user_id": "9",
        "user_access_level": dice.pick(&["developer", "owner"]), "runner_environment": "gitlab-hosted"
    });
    let claims = token.as_object_mut().unwrap();
    for (chance, claim, value) in [
        (3, "user_access_level", Value::Null),
        (30, "aud", json!(["https://gitlab.com"])),
        (20, "user_id", json!(9)),
        (30, "user_login", json!(["alice"])),
        (30, "email", json!("a@x.org")),
        (30, "user_email", json!("")),
        (60, "aud", json!(["https://gitlab.com", "other"])),
        (60, "azp", json!("https://gitlab.com")),
        (60, "azp", json!("other")),
        (60, "exp", json!(NOW - 300)),
        (60, "exp", json!(NOW - 299)),
    ] {
        if dice.once_in(chance) {
            claims.insert(claim.to_owned(), value);
        }
    }
    for claim in ["project_id", "namespace_id", "ref_protected", "user_login", "user_email"] {
        if dice.once_in(10) {
            claims.remove(claim);
        }
    }
    let mut given = Vec::new();
    for (key, values) in [
        ("aws:SourceIp", &["203.0.113.7", "203.0.114.7", "2001:db8::5", "::ffff:203.0.113.7"][..]),
        ("aws:VpcSourceIp", &["10.1.2.3", "nowhere"]),
        ("AWS:requestedregion", &["us-east-1", "eu-west-1"]),
        ("aws:UserAgent", &["x", "us-*"]),
        ("sts:RoleSessionName", &["ci-7", "main"]),
        ("aws:TagKeys", &["main", "x", "o-1"]),
        ("gitlab.com:amr", &["other", "authenticated", "https://gitlab.com"]),
        ("aws:PrincipalOrgID", &["o-1"]),
        ("aws:FederatedProvider", &[CALLER]),
        ("aws:PrincipalArn", &["arn:aws:iam::123456789012:role/x", "x"]),
        ("aws:CurrentTime", &["2026-11-20T09:21:00Z", "2029-01-01T00:00:00Z"]),
        ("aws:EpochTime", &["1795168860", "soon"]),
        ("aws:PrincipalTag/pid", &["4712", "main"]),
        ("aws:Unheard", &["x"]),
    ] {
        if dice.once_in(3) {
            let many =
                if matches!(key, "aws:TagKeys" | "gitlab.com:amr") || dice.once_in(20) { dice.below(3) } else { 1 };
            given.push((key.to_owned(), (0..many).map(|_| dice.pick(values).to_owned()).collect()));
        }
    }
    Call { token, given, now: NOW, caller: CALLER.to_owned(), account: ACCOUNT.to_owned() }
}
