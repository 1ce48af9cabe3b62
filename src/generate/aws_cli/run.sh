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
