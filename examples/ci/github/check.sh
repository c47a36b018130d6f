#!/bin/sh
# Fails when the service says something else than the state: a stream that has
# ended. It changes nothing, neither in the state nor at the service.
set -eu

terraform plan -lock=false -out=refresh > /dev/null
terraform show -json refresh | jq --exit-status '
  [.resource_drift // [] | .[].address] as $ended
  | if $ended == [] then "Everything plays." else "Ended: \($ended | join(", "))", false end'
