#!/usr/bin/env bash
# Applies every stack of the last synth, each after the stacks that it depends on. Stops at the first failure.
#
# usage: scripts/ci/apply.sh [--plans] [-- arguments of terraform apply]
#
#   --plans  apply the plans that plan.sh saved, and nothing else
#
# After a failure it prints which stacks are applied and how to continue. Repeated runs are safe: applied stacks do not change.
#
# exit codes: 0 all applied, 1 stopped
# environment: as for plan.sh
set -euo pipefail
# shellcheck source=scripts/ci/lib.sh
. "$(dirname "$0")/lib.sh"

plans=
again="scripts/ci/apply.sh"
while [ $# -gt 0 ]; do
  case $1 in
    --plans)
      plans=1
      again="scripts/ci/plan.sh, review the plan, then scripts/ci/apply.sh --plans"
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *) fail "unknown argument $1: see apply.sh --help" ;;
  esac
  shift
done
[ -z "$plans" ] || [ $# -eq 0 ] || fail "A saved plan already contains the variables: pass the arguments to plan.sh."

names=$(stacks)
total=$(count "$names")
finished=

stop() {
  local why=$2
  [ -z "$interrupted" ] || why="interrupted. The state contains the completed operations."
  say "" "Stopped at $1: $why" \
    "  applied:     ${finished:- none}" \
    "  not started: $(printf '%s\n' "$names" | sed "1,/^$1\$/d" | tr '\n' ' ')"
  fail "Correct the cause, then run: $again"
}

number=0
for stack in $names; do
  number=$((number + 1))
  say "" "== apply $stack ($number of $total)"
  if [ -n "$plans" ] && [ ! -f "$(folder "$stack")/stack.tfplan" ]; then
    stop "$stack" "there is no saved plan for it. It could not be planned before the stacks above were applied."
  fi
  init "$stack" || stop "$stack" "terraform init failed."
  code=0
  # Terraform plans the deletion of the global database with the members in its state, which may be those of its creation.
  if [ "$stack" = global ] && [ -z "$plans" ] && [ "$(printf '%s\n' "$names" | tail -n 1)" = global ]; then
    terraform_in "$stack" apply -refresh-only -input=false -no-color -auto-approve "$lock_timeout" "$@" || stop "$stack" "see above."
  fi
  if [ -n "$plans" ]; then
    terraform_in "$stack" apply -input=false -no-color "$lock_timeout" stack.tfplan || code=$?
    # The plan is applied, or stale: it cannot be used again.
    rm -f "$(folder "$stack")/stack.tfplan"
  else
    terraform_in "$stack" apply -input=false -no-color -auto-approve "$lock_timeout" "$@" || code=$?
  fi
  [ "$code" -eq 0 ] || stop "$stack" "see above."
  finished="$finished $stack"
done
say "" "Applied:$finished"
