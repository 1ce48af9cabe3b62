//! Account, partition and region.
//!
//! Source: partitions of the AWS SDKs' `partitions.json`; account ids as in the IAM User Guide, "Your AWS account ID".

use crate::text::{Diagnostic, checked_text, quoted};

checked_text! {
    /// An AWS account id: 12 digits, leading zeros kept.
    AccountId
}

impl AccountId {
    /// Reads an account id.
    ///
    /// # Errors
    /// Anything but 12 digits, with how it would be right.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).take(13).collect();
        let help = if digits.len() == 12 && text.len() < 40 {
            format!("write `{digits}`")
        } else {
            "for example `123456789012`; `aws sts get-caller-identity` shows yours".to_owned()
        };
        Err(Diagnostic::new(format!("AWS account ids have 12 digits; this is {}", quoted(text))).help(help))
    }
}

/// A partition: a part of AWS with its own accounts, ARNs and endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum Partition {
    #[default]
    Aws,
    AwsUsGov,
    AwsCn,
    AwsEusc,
    AwsIso,
    AwsIsoB,
    AwsIsoE,
    AwsIsoF,
}

/// Name, DNS suffix of endpoints, prefixes of region names, the region of its global services. The partition `aws` has every region that no other claims.
const PARTITIONS: [(Partition, &str, &str, &[&str], &str); 8] = [
    (Partition::Aws, "aws", "amazonaws.com", &[], "us-east-1"),
    (Partition::AwsUsGov, "aws-us-gov", "amazonaws.com", &["us-gov-"], "us-gov-west-1"),
    (Partition::AwsCn, "aws-cn", "amazonaws.com.cn", &["cn-"], "cn-northwest-1"),
    (Partition::AwsEusc, "aws-eusc", "amazonaws.eu", &["eusc-"], "eusc-de-east-1"),
    (Partition::AwsIso, "aws-iso", "c2s.ic.gov", &["us-iso-"], "us-iso-east-1"),
    (Partition::AwsIsoB, "aws-iso-b", "sc2s.sgov.gov", &["us-isob-"], "us-isob-east-1"),
    (Partition::AwsIsoE, "aws-iso-e", "cloud.adc-e.uk", &["eu-isoe-"], "eu-isoe-west-1"),
    (Partition::AwsIsoF, "aws-iso-f", "csp.hci.ic.gov", &["us-isof-", "eu-isof-"], "us-isof-south-1"),
];

impl Partition {
    /// Every partition, `aws` first.
    pub fn all() -> impl Iterator<Item = Self> {
        PARTITIONS.iter().map(|it| it.0)
    }

    /// Their names.
    pub fn names() -> [&'static str; 8] {
        PARTITIONS.map(|it| it.1)
    }

    /// The name, as in an ARN.
    pub fn as_str(self) -> &'static str {
        PARTITIONS.iter().find(|it| it.0 == self).map_or("aws", |it| it.1)
    }

    /// The DNS suffix of its endpoints.
    pub fn dns_suffix(self) -> &'static str {
        PARTITIONS.iter().find(|it| it.0 == self).map_or("amazonaws.com", |it| it.2)
    }

    /// The region of its global services, IAM among them.
    pub fn default_region(self) -> &'static str {
        PARTITIONS.iter().find(|it| it.0 == self).map_or("us-east-1", |it| it.4)
    }

    /// Reads the name of a partition.
    ///
    /// # Errors
    /// A name that AWS does not have, with those that it has.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        PARTITIONS.iter().find(|it| it.1 == text).map(|it| it.0).ok_or_else(|| {
            let names: Vec<_> = PARTITIONS.iter().map(|it| it.1).collect();
            Diagnostic::new(format!("AWS has no partition {}", quoted(text)))
                .help(format!("one of {}", names.join(", ")))
        })
    }

    /// The partition that a region belongs to, by its name.
    pub fn of_region(region: &str) -> Self {
        PARTITIONS.iter().find(|it| it.3.iter().any(|prefix| region.starts_with(prefix))).map_or(Self::Aws, |it| it.0)
    }
}

checked_text! {
    /// A region's name, `eu-west-1`. Its shape is checked, not that AWS has it: new regions come without a new version of this.
    Region
}

impl Region {
    /// Reads a region's name.
    ///
    /// # Errors
    /// A text that no region is named like.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let parts: Vec<&str> = text.split('-').collect();
        let shape = matches!(parts.as_slice(), [area, .., number]
            if parts.len() >= 3 && area.len() <= 4 && number.len() <= 2
                && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
            && parts.iter().rev().skip(1).all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_lowercase()));
        if shape && text.len() <= 32 {
            return Ok(Self(text.to_owned()));
        }
        Err(Diagnostic::new(format!("AWS names no region {}", quoted(text))).help("for example `eu-west-1`"))
    }
}

/// Whether a reference of a template stands for the account, or the partition, that it is deployed to: the role's own. CloudFormation's
/// pseudo parameters, and Terraform's data sources of the caller.
pub fn is_of_own_account(reference: &str) -> bool {
    matches!(reference, "AWS::AccountId" | "AWS::Partition")
        || (reference.starts_with("data.aws_caller_identity.") && reference.ends_with(".account_id"))
        || (reference.starts_with("data.aws_partition.") && reference.ends_with(".partition"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_have_twelve_digits() {
        assert!(AccountId::parse("000000000012").is_ok());
        assert_eq!(AccountId::parse("1234-5678-9012").unwrap_err().help, "write `123456789012`");
        for wrong in ["", "12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"] {
            assert!(AccountId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn regions_tell_their_partition() {
        for (region, partition) in [
            ("eu-west-1", Partition::Aws),
            ("us-gov-west-1", Partition::AwsUsGov),
            ("cn-north-1", Partition::AwsCn),
            ("eusc-de-east-1", Partition::AwsEusc),
            ("us-isob-east-1", Partition::AwsIsoB),
            ("us-iso-east-1", Partition::AwsIso),
        ] {
            assert!(Region::parse(region).is_ok(), "{region}");
            assert_eq!(Partition::of_region(region), partition, "{region}");
        }
        for wrong in ["", "eu-west", "EU-WEST-1", "eu west 1", "eu-west-1a", "eu--1"] {
            assert!(Region::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_partition_reads_back() {
        for it in Partition::all() {
            assert_eq!(Partition::parse(it.as_str()), Ok(it));
        }
        assert!(Partition::parse("aws-mars").unwrap_err().help.contains("aws-cn"));
    }
}
