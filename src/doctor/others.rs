//! Whose message it is: other clouds, stores and package managers have words that AWS has too.
//!
//! Deliberately short: where nothing names another program the message is taken for AWS's, as a person pastes what they were told.

use super::Known;

/// Names of other programs and services, in small letters.
const OTHERS: &[&str] = &[
    "(gcloud.",
    "aadsts",
    "aliyun",
    "azure",
    "backblaze",
    "cloudflarestorage",
    "digitaloceanspaces",
    "google secret key",
    "googleapi",
    "mc: <error>",
    "minio",
    "npm err",
    "wasabi",
];

/// What names AWS, in small letters.
const AWS: &[&str] = &["amazon", "arn:aws", "assumerole", "aws", "service: sts"];

/// How a line begins that another program says, in small letters.
const SPEAKERS: &[&str] = &["cloud run: ", "conftest: ", "opa: "];

/// How a line begins that tells of a test that passed, in small letters: the message is in its name.
const PASSED: &[&str] = &["--- pass: ", "√ ", "✓ ", "✔ "];

/// Errors in the words of S3 and of request signing, which stores of other vendors have taken over.
const SHARED: &[&str] = &["clock", "old-keys", "session-expired", "unknown-key"];

/// Whether another program says it: its line, in small letters, names one or tells of a test that passed, or `command` was sent to another
/// vendor's endpoint.
pub(super) fn says(known: &Known, command: &str, line: &str) -> bool {
    let begins = |with: &[&str]| with.iter().any(|it| line.starts_with(it));
    if begins(SPEAKERS) || begins(PASSED) || has_passed(line) || line.contains("cannot import name") {
        return true;
    }
    let has = |text: &str, names: &[&str]| names.iter().any(|it| text.contains(it));
    if SHARED.contains(&known.id) {
        return has(line, OTHERS) || is_elsewhere(command);
    }
    has(line, OTHERS) && !has(line, AWS)
}

/// Whether the line is `ok 12 - …` of TAP, or `PASS src/sts.test.ts …` of Jest.
fn has_passed(line: &str) -> bool {
    let numbered = line.strip_prefix("ok ").and_then(|it| it.split(' ').next());
    let file = line.strip_prefix("pass ").and_then(|it| it.split(' ').next());
    numbered.is_some_and(|it| it.parse::<u32>().is_ok())
        || file.is_some_and(|it| it.contains(".test.") || it.contains(".spec."))
}

/// Whether the command names an endpoint that is not one of AWS's.
fn is_elsewhere(command: &str) -> bool {
    let endpoint = command.split("--endpoint-url").nth(1).map(|it| it.trim_start_matches(['=', ' ', '"', '\'']));
    endpoint.and_then(|it| it.split(' ').next()).is_some_and(|it| !it.contains("amazonaws.com"))
}
