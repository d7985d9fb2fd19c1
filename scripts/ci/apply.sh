#!/usr/bin/env bash
# Applies every stack of the last synth, each after those that it joins, and stops at the first that fails.
#
# usage: scripts/ci/apply.sh [--plans] [-- arguments of terraform apply]
#
#   --plans  apply what plan.sh has saved, and nothing else
#
# Where it stops, it says what is applied and how to go on. Run it again as often as needed: what is applied stays as it is.
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
      again="scripts/ci/plan.sh, and after a look at it scripts/ci/apply.sh --plans"
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
[ -z "$plans" ] || [ $# -eq 0 ] || fail "A saved plan has its variables already: give them to plan.sh."

names=$(stacks)
total=$(count "$names")
finished=

stop() {
  local why=$2
  [ -z "$interrupted" ] || why="interrupted. What Terraform had begun is in its state."
  say "" "Stopped at $1: $why" \
    "  applied:     ${finished:- none}" \
    "  not started: $(printf '%s\n' "$names" | sed "1,/^$1\$/d" | tr '\n' ' ')"
  fail "Mend the cause, then run: $again"
}

number=0
for stack in $names; do
  number=$((number + 1))
  say "" "== apply $stack ($number of $total)"
  if [ -n "$plans" ] && [ ! -f "$(folder "$stack")/stack.tfplan" ]; then
    stop "$stack" "there is no saved plan of it. It may have waited for the stacks before it, which are applied now."
  fi
  init "$stack" || stop "$stack" "it cannot be initialized."
  code=0
  if [ -n "$plans" ]; then
    terraform_in "$stack" apply -input=false -no-color "$lock_timeout" stack.tfplan || code=$?
    # Used up, or stale: in neither case to be tried again.
    rm -f "$(folder "$stack")/stack.tfplan"
  else
    terraform_in "$stack" apply -input=false -no-color -auto-approve "$lock_timeout" "$@" || code=$?
  fi
  [ "$code" -eq 0 ] || stop "$stack" "see above."
  finished="$finished $stack"
done
say "" "Applied:$finished"
