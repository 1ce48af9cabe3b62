# Made by Claimcheck 0.1.0.
#
# Lets the CI jobs of GitLab projects assume IAM roles, without stored keys: the OIDC provider, the roles, who may
# assume them, and what they may do.

terraform {
  required_version = ">= 1.0, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  # IAM is global: the region only says where the partition is.
  region = var.region
  # Stops before it touches another account.
  allowed_account_ids = [var.account_id]
}

variable "account_id" {
  description = "AWS account of the roles."
  type        = string
  default     = "123456789012"
}

variable "partition" {
  description = "AWS partition of that account."
  type        = string
  default     = "aws"
}

variable "region" {
  description = "A region of that partition."
  type        = string
  default     = "eu-west-1"
}

variable "issuer" {
  description = "The `iss` of GitLab's ID tokens: the address of the instance."
  type        = string
  default     = "https://gitlab.com"
}

variable "audience" {
  description = "The `aud` of the ID tokens, as the CI job asks for it."
  type        = string
  default     = "https://gitlab.com"
}

locals {
  # The issuer without its scheme ends the provider's ARN and begins every condition key.
  issuer_host  = trimprefix(var.issuer, "https://")
  provider_arn = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer_host}"

  # Who may assume each role.
  trust_policies = {
    "gitlab-s3" = jsonencode({
      "Version" = "2012-10-17"
      "Statement" = [
        {
          "Effect" = "Allow"
          "Principal" = {
            "Federated" = local.provider_arn
          }
          "Action" = "sts:AssumeRoleWithWebIdentity"
          "Condition" = {
            "StringEquals" = {
              "${local.issuer_host}:aud" = var.audience
              "${local.issuer_host}:sub" = "project_path:mygroup/myrepo:ref_type:branch:ref:main"
            }
          }
        },
      ]
    })
  }
}

# An account has one provider for each URL. If AWS answers EntityAlreadyExists, it is there already: choose the
# existing provider in Claimcheck, or import it.
resource "aws_iam_openid_connect_provider" "gitlab" {
  url            = var.issuer
  client_id_list = [var.audience]
  # No thumbprint_list: AWS checks gitlab.com's certificate by its own list of authorities.
}

resource "aws_iam_role" "gitlab_s3" {
  name                 = "gitlab-s3"
  max_session_duration = 3600
  assume_role_policy   = local.trust_policies["gitlab-s3"]

  # The policy names the provider by its ARN, so Terraform cannot see that it comes first.
  depends_on = [aws_iam_openid_connect_provider.gitlab]
}

resource "aws_iam_role_policy_attachment" "gitlab_s3" {
  for_each = toset(["arn:${var.partition}:iam::aws:policy/job-function/ViewOnlyAccess"])

  role       = aws_iam_role.gitlab_s3.name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "gitlab_s3" {
  name = "gitlab-s3"
  role = aws_iam_role.gitlab_s3.name
  policy = jsonencode({
    "Version" = "2012-10-17"
    "Statement" = [
      {
        "Sid"    = "Upload"
        "Effect" = "Allow"
        "Action" = [
          "s3:PutObject",
          "s3:GetObject",
        ]
        "Resource" = "arn:aws:s3:::my-bucket/$${aws:PrincipalTag/team}/*"
        "Condition" = {
          "NumericLessThan" = {
            "s3:max-keys" = 10
          }
          "Bool" = {
            "aws:SecureTransport" = true
          }
          "StringLike" = {
            "s3:prefix" = [
              "",
              "home/%%{x}/<b>&\"quoted\"\\n",
            ]
          }
        }
      },
      {
        "Effect"   = "Allow"
        "Action"   = "s3:ListBucket"
        "Resource" = ["arn:aws:s3:::my-bucket"]
      },
    ]
  })
}

output "role_arns" {
  description = "ARN of each role, by its name."
  value = {
    "gitlab-s3" = aws_iam_role.gitlab_s3.arn
  }
}
