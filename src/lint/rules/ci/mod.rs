//! Rules on `.gitlab-ci.yml`: the token that a job asks for, how it hands it to AWS, and whether the rest of the sitting agrees.

pub(super) mod ci_audience_differs;
pub(super) mod ci_audience_missing;
pub(super) mod ci_audience_not_registered;
pub(super) mod ci_exit_status_lost;
pub(super) mod ci_image_entrypoint;
pub(super) mod ci_image_not_pinned;
pub(super) mod ci_job_jwt;
pub(super) mod ci_job_token;
pub(super) mod ci_key_in_file;
pub(super) mod ci_no_id_token;
pub(super) mod ci_role_differs;
pub(super) mod ci_session_longer;
pub(super) mod ci_session_name;
pub(super) mod ci_several_audiences;
pub(super) mod ci_stored_keys;
pub(super) mod ci_token_file_readable;
pub(super) mod ci_token_printed;
pub(super) mod ci_unknown_token;
