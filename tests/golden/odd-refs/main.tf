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
  default     = "a \"quoted\" %%{audience} with # and: 'ticks'"
}

locals {
  # The issuer without its scheme ends the provider's ARN and begins every condition key.
  issuer_host  = trimprefix(var.issuer, "https://")
  provider_arn = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer_host}"

  # Who may assume each role.
  trust_policies = {
    "gitlab-odd" = jsonencode({
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
              "${local.issuer_host}:sub" = [
                "project_path:mygroup/myrepo:ref_type:branch:ref:$${$}{aws-username}",
                "project_path:mygroup/myrepo:ref_type:branch:ref:%%{if}",
                "project_path:mygroup/myrepo:ref_type:branch:ref:it's",
                "project_path:mygroup/myrepo:ref_type:branch:ref:say-\"hi\"",
                "project_path:mygroup/myrepo:ref_type:branch:ref:'both\"",
                "project_path:mygroup/myrepo:ref_type:branch:ref:`id`",
                "project_path:mygroup/myrepo:ref_type:branch:ref:$(id)",
                "project_path:mygroup/myrepo:ref_type:branch:ref:a;b|c&d",
                "project_path:mygroup/myrepo:ref_type:branch:ref:<!--x-->",
                "project_path:mygroup/myrepo:ref_type:branch:ref:</script>",
                "project_path:mygroup/myrepo:ref_type:branch:ref:é-ümlaut",
                "project_path:mygroup/myrepo:ref_type:branch:ref:50%",
                "project_path:mygroup/myrepo:ref_type:branch:ref:a#b",
                "project_path:mygroup/myrepo:ref_type:branch:ref:$",
                "project_path:mygroup/myrepo:ref_type:branch:ref:{{x}}",
                "project_path:mygroup/myrepo:ref_type:branch:ref:x+y(z)]=!,@",
                "project_path:mygroup/myrepo:ref_type:branch:ref: nbsp",
                "project_path:mygroup/myrepo:ref_type:branch:ref:\u0085nel",
                "project_path:mygroup/myrepo:ref_type:branch:ref:%%%{x",
                "project_path:mygroup/myrepo:ref_type:branch:ref:$$${$}{x",
              ]
            }
          }
        },
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
              "${local.issuer_host}:sub" = [
                "project_path:mygroup/myrepo:ref_type:branch:ref:$${$}{x}/*",
                "project_path:mygroup/myrepo:ref_type:branch:ref:a\"b?",
                "project_path:mygroup/myrepo:ref_type:branch:ref:$HOME/*",
              ]
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

resource "aws_iam_role" "gitlab_odd" {
  name                 = "gitlab-odd"
  max_session_duration = 3600
  assume_role_policy   = local.trust_policies["gitlab-odd"]

  # The policy names the provider by its ARN, so Terraform cannot see that it comes first.
  depends_on = [aws_iam_openid_connect_provider.gitlab]
}

output "role_arns" {
  description = "ARN of each role, by its name."
  value = {
    "gitlab-odd" = aws_iam_role.gitlab_odd.arn
  }
}
