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
  default     = "https://gitlab.example.com"
}

variable "audience" {
  description = "The `aud` of the ID tokens, as the CI job asks for it."
  type        = string
  default     = "https://gitlab.example.com"
}

locals {
  # The issuer without its scheme ends the provider's ARN and begins every condition key.
  issuer_host  = trimprefix(var.issuer, "https://")
  provider_arn = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer_host}"

  # Who may assume each role.
  trust_policies = {
    "gitlab-prod" = jsonencode({
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
              "${local.issuer_host}:sub" = "project_id:20:environment_protected:true:deployment_tier:production"
            }
          }
        },
      ]
    })
    "gitlab-protected" = jsonencode({
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
            }
            "StringLike" = {
              "${local.issuer_host}:sub" = "project_path:mygroup/*:ref_type:branch:ref:main:ref_protected:true"
            }
          }
        },
      ]
    })
    "gitlab-tier" = jsonencode({
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
              "${local.issuer_host}:sub" = "project_path:mygroup/myrepo:ref:main:deployment_tier:staging"
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
  # No thumbprint_list: AWS checks the certificate by its own list of authorities. Where yours comes from a private
  # authority, add thumbprint_list with the SHA-1 of the topmost certificate of the chain that the host serves.
}

resource "aws_iam_role" "gitlab_prod" {
  name                 = "gitlab-prod"
  max_session_duration = 3600
  assume_role_policy   = local.trust_policies["gitlab-prod"]

  # The policy names the provider by its ARN, so Terraform cannot see that it comes first.
  depends_on = [aws_iam_openid_connect_provider.gitlab]
}

resource "aws_iam_role" "gitlab_protected" {
  name                 = "gitlab-protected"
  max_session_duration = 3600
  assume_role_policy   = local.trust_policies["gitlab-protected"]

  # The policy names the provider by its ARN, so Terraform cannot see that it comes first.
  depends_on = [aws_iam_openid_connect_provider.gitlab]
}

resource "aws_iam_role" "gitlab_tier" {
  name                 = "gitlab-tier"
  max_session_duration = 3600
  assume_role_policy   = local.trust_policies["gitlab-tier"]

  # The policy names the provider by its ARN, so Terraform cannot see that it comes first.
  depends_on = [aws_iam_openid_connect_provider.gitlab]
}

output "role_arns" {
  description = "ARN of each role, by its name."
  value = {
    "gitlab-prod"      = aws_iam_role.gitlab_prod.arn
    "gitlab-protected" = aws_iam_role.gitlab_protected.arn
    "gitlab-tier"      = aws_iam_role.gitlab_tier.arn
  }
}
