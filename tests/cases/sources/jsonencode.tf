# A role for the pipelines of one project, beside the provider.
resource "aws_iam_openid_connect_provider" "gitlab" {
  url            = "https://gitlab.com"
  client_id_list = ["https://gitlab.com"]
}

resource "aws_iam_role" "pipeline" {
  name = "shop-pipeline"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Pipelines"
        Effect = "Allow"
        Action = ["sts:AssumeRoleWithWebIdentity"] # and no other
        Principal = {
          Federated = aws_iam_openid_connect_provider.gitlab.arn
        }
        Condition = {
          StringEquals = {
            "gitlab.com:aud" : "https://gitlab.com"
          }
          StringLike = {
            "gitlab.com:sub" = [
              "project_path:acme/shop:ref_type:branch:ref:main",
              "project_path:acme/shop:ref_type:tag:ref:v*",
            ]
          }
        }
      },
    ]
  })

  tags = { Team = "shop" }
}
