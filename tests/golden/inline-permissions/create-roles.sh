#!/bin/sh
# Made by Claimcheck 0.1.0.
#
# Makes the OIDC provider, where the setup makes it, and the roles, by the AWS CLI. It may be run again at any time:
#
#   sh create-roles.sh            makes what is not there. Where something is there and differs, it shows how and stops
#                                 before it has changed anything.
#   sh create-roles.sh --update   also makes what differs as in the setup. A role's other policies are taken off it.
#
# It needs credentials that may change IAM and a current AWS CLI, version 2 or 1 (2.9.19, of 2023, still demands a
# thumbprint for the provider). Documents are compared as values: spaces and the order of keys do not count. The order of
# a list does, and so does a list of one in the place of a single value, though they mean the same to AWS.
#
# shellcheck disable=SC2016 # what stands as ${...} in a document is AWS's, not the shell's
set -euf

account=123456789012
# IAM is global: the region only says where the partition is.
export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
provider=arn:aws:iam::123456789012:oidc-provider/gitlab.com
# No --thumbprint-list: AWS checks gitlab.com's certificate by its own list of authorities.
issuer=https://gitlab.com
# As JSON. By options of their own, version 1 of the AWS CLI would take an https:// value for a file to fetch.
audience='"https://gitlab.com"'
add_audience='{"OpenIDConnectProviderArn":"arn:aws:iam::123456789012:oidc-provider/gitlab.com","ClientID":"https://gitlab.com"}'

stop() {
  printf 'create-roles.sh: %s\n' "$1" >&2
  exit 1
}

update=no
case "${1-}" in
  '') ;;
  --update) update=yes ;;
  *) stop "usage: sh create-roles.sh [--update]" ;;
esac
command -v aws > /dev/null || stop "the AWS CLI is not installed"
export AWS_PAGER=''
work=$(umask 077 && mktemp -d)
trap 'rm -rf "$work"' EXIT
tick=$(printf '\140')
mode='look'
missing=no
different=no

# Asks AWS and keeps the answer. False where there is no such thing; any other failure ends the script.
ask() {
  if answer=$(aws "$@" 2> "$work/error"); then
    return 0
  fi
  if ! grep -q NoSuchEntity "$work/error"; then
    cat "$work/error" >&2
    exit 1
  fi
  answer=''
  return 1
}

# JSON as --query takes it: between backticks, and so with none of its own.
literal() {
  printf '%s%s%s' "$tick" "$(printf '%s' "$1" | sed "s/$tick/\\\\u0060/g")" "$tick"
}

# differs WHAT QUERY JSON COMMAND...: compares what AWS answers to the query with the JSON of the setup. Looking, it shows how
# they differ and is false; making, it is true where they do.
differs() {
  what=$1
  query=$2
  wanted=$(literal "$3")
  shift 3
  if ask "$@" --query "$query == $wanted" --output json && [ "$answer" = true ]; then
    return 1
  fi
  if [ "$mode" = make ]; then
    echo "$what: making it as in the setup"
    return 0
  fi
  different=yes
  ask "$@" --query "$query" --output json || true
  printf '%s\n' "$answer" > "$work/aws"
  aws sts get-caller-identity --query "$wanted" --output json > "$work/setup" || exit 1
  if command -v diff > /dev/null; then
    echo "$what: differs (- is in AWS, + is in the setup)"
    diff -u "$work/aws" "$work/setup" | sed 1,2d
  else
    echo "$what: differs. In AWS:"
    cat "$work/aws"
    echo "In the setup:"
    cat "$work/setup"
  fi
  return 1
}

# role NAME ARN PATH SECONDS POLICY...: with its documents in $trust, $inline (empty where there is none) and the JSON lists of
# names in $managed_names and $inline_names.
role() {
  name=$1
  arn=$2
  path=$3
  seconds=$4
  shift 4
  if ask iam get-role --role-name="$name" --query Role.Arn --output text; then
    if [ "$answer" != "$arn" ]; then
      stop "the role $name is there as $answer, and IAM cannot change a path: delete it, or give the setup that path"
    fi
  elif [ "$mode" = look ]; then
    missing=yes
    echo "role $name: is not there yet"
    return
  else
    aws iam create-role --role-name="$name" --path "$path" --max-session-duration "$seconds" \
      --assume-role-policy-document "$trust" > /dev/null
    aws iam wait role-exists --role-name="$name"
    echo "role $name: made"
  fi
  if differs "role $name, trust policy" Role.AssumeRolePolicyDocument "$trust" iam get-role --role-name="$name"; then
    aws iam update-assume-role-policy --role-name="$name" --policy-document "$trust"
  fi
  if differs "role $name, longest session" Role.MaxSessionDuration "$seconds" iam get-role --role-name="$name"; then
    aws iam update-role --role-name="$name" --max-session-duration "$seconds" > /dev/null
  fi
  if differs "role $name, managed policies" 'sort(AttachedPolicies[].PolicyArn)' "$managed_names" \
    iam list-attached-role-policies --role-name="$name"; then
    ask iam list-attached-role-policies --role-name="$name" --query 'AttachedPolicies[].PolicyArn' --output text
    for policy in $answer; do
      case " $* " in
        *" $policy "*) ;;
        *) aws iam detach-role-policy --role-name="$name" --policy-arn "$policy" ;;
      esac
    done
    for policy in "$@"; do
      aws iam attach-role-policy --role-name="$name" --policy-arn "$policy"
    done
  fi
  if [ -n "$inline" ] && differs "role $name, inline policy" PolicyDocument "$inline" \
    iam get-role-policy --role-name="$name" --policy-name="$name"; then
    aws iam put-role-policy --role-name="$name" --policy-name="$name" --policy-document "$inline"
  fi
  if differs "role $name, names of its inline policies" 'sort(PolicyNames)' "$inline_names" \
    iam list-role-policies --role-name="$name"; then
    ask iam list-role-policies --role-name="$name" --query PolicyNames --output text
    for policy in $answer; do
      if [ -z "$inline" ] || [ "$policy" != "$name" ]; then
        echo "role $name: deleting its inline policy $policy, which was"
        aws iam get-role-policy --role-name="$name" --policy-name="$policy" --query PolicyDocument --output json
        aws iam delete-role-policy --role-name="$name" --policy-name="$policy"
      fi
    done
  fi
}

provider() {
  if ask iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" \
    --query "contains(ClientIDList, $(literal "$audience"))" --output json; then
    if [ "$answer" = true ]; then
      return
    elif [ "$mode" = look ]; then
      different=yes
      echo "provider $provider: is there, without the client ID $audience"
    else
      aws iam add-client-id-to-open-id-connect-provider --cli-input-json "$add_audience"
      echo "provider $provider: client ID $audience added"
    fi
  elif [ "$mode" = look ]; then
    missing=yes
    echo "provider $provider: is not there yet"
  else
    aws iam create-open-id-connect-provider --url "$issuer" --client-id-list "[$audience]" > /dev/null
    echo "provider $provider: made"
  fi
}

everything() {
  provider

  # Who may assume the role gitlab-s3:
  trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "gitlab.com:aud": "https://gitlab.com",
          "gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:branch:ref:main"
        }
      }
    }
  ]
}'
  # What it may do:
  managed_names='["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]'
  inline_names='["gitlab-s3"]'
  inline='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Upload",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject"
      ],
      "Resource": "arn:aws:s3:::my-bucket/${aws:PrincipalTag/team}/*",
      "Condition": {
        "NumericLessThan": {
          "s3:max-keys": 10
        },
        "Bool": {
          "aws:SecureTransport": true
        },
        "StringLike": {
          "s3:prefix": [
            "",
            "home/%{x}/<b>&\"quoted\"\\n"
          ]
        }
      }
    },
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": [
        "arn:aws:s3:::my-bucket"
      ]
    }
  ]
}'
  role gitlab-s3 arn:aws:iam::123456789012:role/gitlab-s3 / 3600 arn:aws:iam::aws:policy/job-function/ViewOnlyAccess
}

account_here=$(aws sts get-caller-identity --query Account --output text)
if [ "$account_here" != "$account" ]; then
  stop "these credentials are of the account $account_here, and this script is for $account"
fi

# First look at everything, and only then make anything.
everything
if [ "$different" = yes ] && [ "$update" = no ]; then
  stop "nothing was changed; --update makes all of it as in the setup"
fi
if [ "$missing" = yes ] || [ "$different" = yes ]; then
  mode='make'
  everything
fi
echo "All is as in the setup."
