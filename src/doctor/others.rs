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

/// Errors in the words of S3 and of request signing, which stores of other vendors have taken over.
const SHARED: &[&str] = &["clock", "old-keys", "session-expired"];

/// Whether another program says it: its line names one, or `command`, in small letters, was sent to another vendor's endpoint.
pub(super) fn says(known: &Known, command: &str, line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let has = |text: &str, names: &[&str]| names.iter().any(|it| text.contains(it));
    if SHARED.contains(&known.id) {
        return has(&line, OTHERS) || is_elsewhere(command);
    }
    has(&line, OTHERS) && !has(&line, AWS)
}

/// Whether the command names an endpoint that is not one of AWS's.
fn is_elsewhere(command: &str) -> bool {
    let endpoint = command.split("--endpoint-url").nth(1).map(|it| it.trim_start_matches(['=', ' ', '"', '\'']));
    endpoint.and_then(|it| it.split(' ').next()).is_some_and(|it| !it.contains("amazonaws.com"))
}
