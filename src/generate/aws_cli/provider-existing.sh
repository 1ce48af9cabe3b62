# The provider is not managed here: it is looked at, and never changed.
provider() {
  ask iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" \
    --query "contains(ClientIDList, $(literal "$audience"))" --output json ||
    stop "there is no provider $provider: let the setup make it"
  if [ "$answer" != true ]; then
    stop "the provider $provider has no client ID $audience; this adds it:
  aws iam add-client-id-to-open-id-connect-provider --cli-input-json '$add_audience'"
  fi
}
