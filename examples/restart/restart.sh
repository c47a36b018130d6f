#!/bin/sh
# Restarts the stream whose task is TASK_ID: replaces a task in progress, and
# starts a new task if it has ended. Does nothing if the state has no such task,
# or keeps the ended task.
set -eu

plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

# The plan waits for an apply or destroy that is running, and reads each task.
terraform plan -input=false -lock-timeout=30m -out="$plan" > /dev/null
show() {
  terraform show -json "$plan" | jq --raw-output "[$1] | first // empty"
}
running=$(show '.prior_state | .. | objects
  | select(.type == "trtc_stream_ingest" and .values.task_id == env.TASK_ID and .values.status == "InProgress") | .address')
ended=$(show '.resource_drift // [] | .[] | select(.change.before.task_id == env.TASK_ID and .change.actions == ["delete"]) | .address')

if [ -n "$running" ]; then
  echo "Restarting $running."
  terraform apply -input=false -auto-approve -lock-timeout=30m -replace="$running"
elif [ -n "$ended" ]; then
  echo "Starting $ended again."
  terraform apply -input=false -auto-approve -lock-timeout=30m
else
  echo "Nothing to restart."
fi
