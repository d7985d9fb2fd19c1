#!/usr/bin/env bash
# Plans every stack of the last synth and prints the changes in Markdown.
#
# usage: scripts/ci/plan.sh [--drift] [--summary FILE]... [-- arguments of terraform plan]
#
#   --summary FILE  also append the summary to FILE (repeatable)
#   --drift         after a deployment of the same commit: every change is drift, and all changes are listed
#
# The plans are saved as stack.tfplan in the folder of each stack, for `apply.sh --plans`. They may contain sensitive
# values: do not publish them. The summary contains only addresses and names of attributes.
#
# A stack that depends on a stack that is not deployed yet is reported as waiting for it.
#
# exit codes: 0 no changes, 2 changes, 1 error
# environment: CDKTF_OUTDIR, output folder of the synth (default: cdktf.out); ENVIRONMENT_SUFFIX, optional, must be that of
# the synth; TERRAFORM_BINARY_NAME; TF_VAR_... and TF_CLI_ARGS_..., read by Terraform
set -euo pipefail
# shellcheck source=scripts/ci/lib.sh
. "$(dirname "$0")/lib.sh"

kind=plan
summaries=()
while [ $# -gt 0 ]; do
  case $1 in
    --drift) kind=drift ;;
    --summary)
      [ $# -gt 1 ] || fail "--summary needs a file."
      summaries+=("$2")
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *) fail "unknown argument $1: see plan.sh --help" ;;
  esac
  shift
done

names=$(stacks)
results=$work/results
mkdir "$results"
# Stacks that have resources to create and are not deployed yet.
absent=
outcome=0

for stack in $names; do
  say "" "== plan $stack"
  rm -f "$(folder "$stack")/stack.tfplan"
  code=0
  init "$stack" || code=$?
  if [ -n "$interrupted" ]; then fail "Stopped at $stack. Nothing was changed."; fi
  [ $code -eq 0 ] || fail "Stopped at $stack: terraform init failed. Nothing was changed."
  terraform_in "$stack" plan -input=false -no-color -detailed-exitcode "$lock_timeout" -out=stack.tfplan "$@" || code=$?
  if [ -n "$interrupted" ]; then fail "Stopped at $stack. Nothing was changed."; fi
  case $code in
    0 | 2)
      "$terraform" -chdir="$(folder "$stack")" show -json stack.tfplan >"$results/$stack.json"
      if [ $code -eq 2 ]; then
        [ $outcome -eq 1 ] || outcome=2
        deployed "$stack" || absent="$absent $stack"
      fi
      ;;
    *)
      # Terraform saves a plan even if it failed.
      rm -f "$(folder "$stack")/stack.tfplan"
      cp "$work/errors" "$results/$stack.error"
      if [ -n "$absent" ] && [ $kind = plan ]; then
        printf '%s' "$absent" >"$results/$stack.waits"
        absent="$absent $stack"
      else
        outcome=1
      fi
      ;;
  esac
done

# A stack that was never deployed cannot drift.
if [ $kind = drift ] && [ -n "$absent" ]; then outcome=1; fi

tool summarize "$kind" "$results" "$absent" >"$work/summary.md"
for file in ${summaries[@]+"${summaries[@]}"}; do cat "$work/summary.md" >>"$file"; done
cat "$work/summary.md"
exit "$outcome"
