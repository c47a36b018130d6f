#!/bin/sh
# Trades the token of this workflow run for temporary keys of ROLE_ARN, and
# hands them to the steps that follow. PROVIDER_ID is the identity provider's
# name in CAM, AUDIENCE the client ID that it accepts.
set -eu

sts=${TENCENTCLOUD_STS_ENDPOINT:-https://sts.intl.tencentcloudapi.com}

token=$(curl --fail --silent --show-error \
  --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$AUDIENCE" | jq --exit-status --raw-output .value)

answer=$(TOKEN=$token jq --null-input '{
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

if ! printf '%s' "$answer" | jq --exit-status .Response.Credentials > /dev/null; then
  printf '%s' "$answer" | jq .Response >&2
  exit 1
fi

hand_over() {
  value=$(printf '%s' "$answer" | jq --raw-output ".Response.Credentials.$2")
  echo "::add-mask::$value"
  echo "$1=$value" >> "$GITHUB_ENV"
}
hand_over TENCENTCLOUD_SECRET_ID TmpSecretId
hand_over TENCENTCLOUD_SECRET_KEY TmpSecretKey
hand_over TENCENTCLOUD_SECURITY_TOKEN Token
