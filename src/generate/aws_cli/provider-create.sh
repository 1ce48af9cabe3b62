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
