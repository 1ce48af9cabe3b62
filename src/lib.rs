//! Claimcheck: which GitLab CI jobs may assume which AWS role.
