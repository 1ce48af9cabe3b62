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
  default     = "sts.amazonaws.com"
}

locals {
  # The issuer without its scheme ends the provider's ARN and begins every condition key.
  issuer_host  = trimprefix(var.issuer, "https://")
  provider_arn = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer_host}"

  # Who may assume each role.
  trust_policies = {
    "gitlab-deploy" = jsonencode({
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

# The provider exists and is not managed here. The audience has to be one of its client IDs, which this shows:
#   aws iam get-open-id-connect-provider --open-id-connect-provider-arn arn:aws:iam::123456789012:oidc-provider/gitlab.com
# Where it is not, this adds it:
#   aws iam add-client-id-to-open-id-connect-provider --cli-input-json '{"OpenIDConnectProviderArn":"arn:aws:iam::123456789012:oidc-provider/gitlab.com","ClientID":"sts.amazonaws.com"}'

resource "aws_iam_role" "gitlab_deploy" {
  name                 = "gitlab-deploy"
  max_session_duration = 3600
  assume_role_policy   = local.trust_policies["gitlab-deploy"]
}

output "role_arns" {
  description = "ARN of each role, by its name."
  value = {
    "gitlab-deploy" = aws_iam_role.gitlab_deploy.arn
  }
}
