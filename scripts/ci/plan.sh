#!/usr/bin/env bash
# Plans every stack of the last synth and says in Markdown what would change.
#
# usage: scripts/ci/plan.sh [--drift] [--summary FILE]... [-- arguments of terraform plan]
#
#   --summary FILE  append the summary to FILE, too (may be given several times)
#   --drift         after a deploy of the same commit: whatever would change has drifted, and every change is listed
#
# The plans are saved beside the JSON, as stack.tfplan, for `apply.sh --plans`. They may hold values that are nobody's
# business: do not publish them. The summary holds addresses and names of attributes only.
#
# A stack that needs another one that does not exist yet is said to wait for it.
#
# exit codes: 0 nothing changes, 2 something does, 1 error
# environment: CDKTF_OUTDIR, where the synth went (default: cdktf.out); ENVIRONMENT_SUFFIX, which must then be that of
# the synth; TERRAFORM_BINARY_NAME; TF_VAR_... and TF_CLI_ARGS_..., which are Terraform's own
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
# Stacks of which nothing exists yet, though something should.
absent=
outcome=0

for stack in $names; do
  say "" "== plan $stack"
  rm -f "$(folder "$stack")/stack.tfplan"
  code=0
  init "$stack" || code=$?
  if [ -n "$interrupted" ]; then fail "Stopped at $stack. Nothing was changed."; fi
  [ $code -eq 0 ] || fail "Stopped at $stack: it cannot be initialized. Nothing was changed."
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
      # Terraform saves even a plan that has failed.
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

# Nothing that was never deployed can drift.
if [ $kind = drift ] && [ -n "$absent" ]; then outcome=1; fi

tool summarize "$kind" "$results" "$absent" >"$work/summary.md"
for file in ${summaries[@]+"${summaries[@]}"}; do cat "$work/summary.md" >>"$file"; done
cat "$work/summary.md"
exit "$outcome"
