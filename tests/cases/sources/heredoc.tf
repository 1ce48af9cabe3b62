variable "aws_account_id" {}
variable "gitlab_group" { default = "acme" }

resource "aws_iam_role" "ci" {
  name               = "ci"
  path               = "/gitlab/"
  assume_role_policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {
            "Federated": "arn:aws:iam::${var.aws_account_id}:oidc-provider/gitlab.com"
          },
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {
            "StringLike": {
              "gitlab.com:sub": "project_path:${var.gitlab_group}/*:ref_type:branch:ref:main"
            }
          }
        }
      ]
    }
  POLICY
}

resource "aws_iam_role_policy_attachment" "ci" {
  role       = aws_iam_role.ci.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}
