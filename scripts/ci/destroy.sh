#!/usr/bin/env bash
# Destroys every stack of the last synth, the last one deployed first. A stack that was never deployed is no error.
#
# usage: ENVIRONMENT_SUFFIX=SUFFIX scripts/ci/destroy.sh [-- arguments of terraform destroy]
#
# ENVIRONMENT_SUFFIX must name the environment: nothing is destroyed because a folder happened to hold its JSON.
# Run it again as often as needed. Afterwards `npm run orphans` shows whether a killed apply has left anything.
#
# exit codes: 0 nothing is left in any state, 1 stopped
# environment: as for plan.sh
set -euo pipefail
# shellcheck source=scripts/ci/lib.sh
. "$(dirname "$0")/lib.sh"

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *) fail "unknown argument $1: see destroy.sh --help" ;;
  esac
  shift
done
[ -n "${ENVIRONMENT_SUFFIX:-}" ] || fail "Name the environment to destroy: ENVIRONMENT_SUFFIX=... scripts/ci/destroy.sh"

names=$(stacks --reverse)
total=$(count "$names")
finished=
number=0

stop() {
  local why=$2
  [ -z "$interrupted" ] || why="interrupted. What is left of it is in its state."
  say "" "Stopped at $1: $why" "  destroyed: ${finished:- none}"
  fail "Mend the cause, then run it again."
}

for stack in $names; do
  number=$((number + 1))
  say "" "== destroy $stack ($number of $total)"
  init "$stack" || stop "$stack" "it cannot be initialized."
  # Without anything to destroy, Terraform would still look up what is gone already, and fail.
  if deployed "$stack"; then
    code=0
    terraform_in "$stack" destroy -input=false -no-color -auto-approve "$lock_timeout" "$@" || code=$?
    [ "$code" -eq 0 ] || stop "$stack" "see above."
  else
    say "nothing of $stack is deployed."
  fi
  finished="$finished $stack"
done
say "" "Destroyed:$finished"
