terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

variable "gitlab_url" {
  type    = string
  default = "https://git.acme.example"
}

variable "projects" {
  description = "Projects whose main branch deploys."
  type        = list(string)
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
}

data "aws_iam_policy_document" "trust" {
  version = "2012-10-17"

  statement {
    sid     = "GitLab"
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${local.account}:oidc-provider/${trimprefix(var.gitlab_url, "https://")}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${trimprefix(var.gitlab_url, "https://")}:aud"
      values   = [var.gitlab_url]
    }

    condition {
      test     = "StringEquals"
      variable = "${trimprefix(var.gitlab_url, "https://")}:sub"
      values   = [for it in var.projects : "project_path:${it}:ref_type:branch:ref:main"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name_prefix        = "deploy-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
