#!/bin/sh
# Stands in for the AWS CLI: writes down how it was called, and answers as the CLI would that finds credentials in its order,
# environment keys first, then the token file.
{
  printf 'call'
  printf ' <%s>' "$@"
  printf '\n'
  env | grep '^AWS_' | sort
  if [ -n "$AWS_WEB_IDENTITY_TOKEN_FILE" ]; then
    printf 'mode %s\n' "$(ls -l "$AWS_WEB_IDENTITY_TOKEN_FILE" | cut -c1-10)"
    printf 'token <%s>\n' "$(cat "$AWS_WEB_IDENTITY_TOKEN_FILE"; printf x)"
  fi
} >> "$FAKE_LOG"

if [ "$2" = "$FAKE_FAILS" ]; then
  echo "An error occurred (AccessDenied)" >&2
  exit 254
fi
case "$2" in
  assume-role-with-web-identity)
    if [ -z "$FAKE_EMPTY" ]; then
      printf 'ASIAFAKE\tse/cr+et=\tto/ken==\n'
    fi
    ;;
  get-caller-identity)
    if [ "$AWS_ACCESS_KEY_ID" = ASIAFAKE ] && [ "$AWS_SECRET_ACCESS_KEY" = se/cr+et= ] && [ "$AWS_SESSION_TOKEN" = to/ken== ]; then
      echo "$FAKE_IDENTITY"
    elif [ -n "$AWS_ACCESS_KEY_ID" ]; then
      echo arn:aws:iam::123456789012:user/old
    elif [ -n "$AWS_ROLE_ARN" ] && [ -s "$AWS_WEB_IDENTITY_TOKEN_FILE" ]; then
      echo "$FAKE_IDENTITY"
    else
      echo "Unable to locate credentials" >&2
      exit 253
    fi
    ;;
esac
