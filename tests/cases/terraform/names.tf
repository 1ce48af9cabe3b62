# What the expressions beside this file refer to.
variable "host" { default = "gitlab.com" }
variable "empty" { default = "" }
variable "num" { default = 42 }
variable "flag" { default = true }
variable "list" { default = ["a/b", "c/d", "E/F"] }
variable "nested" { default = { one = { path = "g/p", refs = ["main", "dev"] }, two = { path = "h/q", refs = [] } } }
variable "nul" { 
  type    = string
  default = null
}
locals {
  group = "mygroup"
  project = "${local.group}/app"
  refs = ["main", "release/1.0"]
  m = { prod = "main", "stage-env" = "develop", num = 7 }
  url = "https://gitlab.example.com/path/"
  arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.example.com"
  t = [1, "2", true]
  objs = [{ n = "x", v = 1 }, { n = "y", v = 2 }]
}
