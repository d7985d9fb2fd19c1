#!/usr/bin/env bash
# Destroys every stack of the last synth: failover, the regions in reverse, global. If another region than the first is the
# writer of the global database, that region is the last one. A stack that was never deployed is not an error.
#
# usage: ENVIRONMENT_SUFFIX=SUFFIX scripts/ci/destroy.sh [-- arguments of terraform destroy]
#
# ENVIRONMENT_SUFFIX is required: the JSON in the output folder alone does not select the environment to destroy.
# Repeated runs are safe. Afterwards `npm run orphans` lists resources that a killed apply has left behind.
#
# exit codes: 0 all states are empty, 1 stopped
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

names=$(stacks --destroy)
total=$(count "$names")
finished=
number=0

stop() {
  local why=$2
  [ -z "$interrupted" ] || why="interrupted. The state contains the remaining resources."
  say "" "Stopped at $1: $why" "  destroyed: ${finished:- none}"
  fail "Correct the cause, then run scripts/ci/destroy.sh again."
}

for stack in $names; do
  number=$((number + 1))
  say "" "== destroy $stack ($number of $total)"
  init "$stack" || stop "$stack" "terraform init failed."
  # If nothing is deployed, Terraform would still read data sources of resources that are already destroyed, and fail.
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
