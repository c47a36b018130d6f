#!/bin/sh
# Exchanges the OIDC token of this workflow run for temporary credentials of
# ROLE_ARN and exports them to the following steps. PROVIDER_ID is the name of
# the identity provider in CAM, AUDIENCE a client ID that it accepts.
set -eu

sts=${TENCENTCLOUD_STS_ENDPOINT:-https://sts.intl.tencentcloudapi.com}

token=$(curl --fail --silent --show-error \
  --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$AUDIENCE" | jq --exit-status --raw-output .value)

response=$(TOKEN=$token jq --null-input '{
    ProviderId: env.PROVIDER_ID,
    WebIdentityToken: env.TOKEN,
    RoleArn: env.ROLE_ARN,
    RoleSessionName: "terraform",
    DurationSeconds: 3600
  }' | curl --fail --silent --show-error "$sts/" \
  --header "Authorization: SKIP" \
  --header "Content-Type: application/json" \
  --header "X-TC-Action: AssumeRoleWithWebIdentity" \
  --header "X-TC-Version: 2018-08-13" \
  --header "X-TC-Region: ap-singapore" \
  --header "X-TC-Timestamp: $(date +%s)" \
  --data @-)

if ! printf '%s' "$response" | jq --exit-status .Response.Credentials > /dev/null; then
  printf '%s' "$response" | jq .Response >&2
  exit 1
fi

export_credential() {
  value=$(printf '%s' "$response" | jq --raw-output ".Response.Credentials.$2")
  echo "::add-mask::$value"
  echo "$1=$value" >> "$GITHUB_ENV"
}
export_credential TENCENTCLOUD_SECRET_ID TmpSecretId
export_credential TENCENTCLOUD_SECRET_KEY TmpSecretKey
export_credential TENCENTCLOUD_SECURITY_TOKEN Token
