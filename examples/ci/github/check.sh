#!/bin/sh
# Fails when a task in the state has ended. Changes neither the state nor a task.
set -eu

plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

terraform plan -lock=false -out="$plan" > /dev/null
ended=$(terraform show -json "$plan" | jq --raw-output '[.resource_drift // [] | .[].address] | join(", ")')
if [ -n "$ended" ]; then
  echo "Ended: $ended"
  exit 1
fi
echo "All tasks are in progress."
