#!/usr/bin/env bash
# Applies every stack of the last synth, each after the stacks that it depends on. Stops at the first failure.
#
# usage: scripts/ci/apply.sh [--plans] [--waves [--check COMMAND]] [-- arguments of terraform apply]
#
#   --plans          apply the plans that plan.sh saved, and nothing else
#   --waves          region by region: the standby regions before the primary region, which is that of the writer of the
#                    global database. Each region is checked before the next stack is applied
#   --check COMMAND  the check of a region, instead of npm run verify: a command of the shell, with the region in REGION and
#                    the stack in STACK. It fails with any other exit code than 0
#
# The default check is npm run verify for the region alone. It is repeated while a requirement is not met, because ECS watches
# the alarms of a deployment after Terraform has ended. If a region is not deployed yet, there are no waves and no checks: the
# stacks are applied in their usual order, in which the database of a standby region follows that of the primary region.
#
# In the end, and after a failure, it prints the images that ECS runs in each region. After a failure it also prints which
# stacks are applied and how to continue. Repeated runs are safe: applied stacks do not change.
#
# exit codes: 0 all applied, 1 stopped
# environment: as for plan.sh; for the default check, WAVE_CHECK_SECONDS, time in which it must succeed (default: 900), and
# WAVE_WAIT_SECONDS, time between two attempts (default: 30)
set -euo pipefail
# shellcheck source=scripts/ci/lib.sh
. "$(dirname "$0")/lib.sh"

plans=
waves=
check=
again="scripts/ci/apply.sh"
while [ $# -gt 0 ]; do
  case $1 in
    --plans) plans=1 ;;
    --waves) waves=1 ;;
    --check)
      [ -n "${2:-}" ] || fail "--check needs a command."
      check=$2
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
    *) fail "unknown argument $1: see apply.sh --help" ;;
  esac
  shift
done
[ -z "$plans" ] || [ $# -eq 0 ] || fail "A saved plan already contains the variables: pass the arguments to plan.sh."
[ -z "$check" ] || [ -n "$waves" ] || fail "--check needs --waves: without waves, all regions are applied before one could be checked."
[ -z "$plans" ] || again="scripts/ci/plan.sh, review the plan, then $again --plans"
[ -z "$waves" ] || again="$again --waves"
[ -z "$check" ] || again="$again --check $(printf %q "$check")"

finished=
# The regions of a release in waves, in their order, and the number of waves that have started.
regions=
wave=0
wave_count=0

stop() {
  local why=$2
  [ -z "$interrupted" ] || why="interrupted. The state contains the completed operations."
  say "" "Stopped at $1$(wave_text "$1"): $why" \
    "  applied:     ${finished:- none}" \
    "  not started: $(printf '%s\n' "$names" | sed "1,/^$1\$/d" | tr '\n' ' ')"
  # After an interrupt, a CI system waits for seconds only.
  [ -n "$interrupted" ] || running_images
  explain_waves "$1"
  say "Correct the cause, then run: $again"
  if [ $wave -gt 0 ]; then
    say "To go back, run it with the values or the commit of the former release: it changes only the regions that have the new one."
  fi
  exit 1
}

is_wave() { [ $wave_count -gt 0 ] && printf '%s\n' "$regions" | grep -qx "$1"; }

wave_text() { ! is_wave "$1" || printf ' (wave %s of %s)' $wave $wave_count; }

# Prints which regions a stopped release in waves has not reached, and how to go back.
explain_waves() {
  [ $wave_count -gt 1 ] || return 0
  local primary
  primary=$(printf '%s\n' "$regions" | tail -n 1)
  if [ $wave -eq 0 ]; then
    say "No wave has started: every region still runs the former release."
  elif [ $wave -lt $wave_count ]; then
    say "The primary region, $primary, still runs the former release."
  elif is_wave "$1"; then
    say "The primary region, $primary, is the last wave: the other regions have the new release."
  else
    say "Every region has the new release."
  fi
}

# check_region REGION: succeeds if the region passes its check.
check_region() {
  local code started=$SECONDS
  say "" "== check $1$(wave_text "$1")"
  if [ -n "$check" ]; then
    STACK=$1 REGION=$1 in_group bash -c "$check"
    return
  fi
  while :; do
    code=0
    # shellcheck disable=SC2016
    in_group bash -c 'cd "$1" && exec node scripts/run.mjs commands/verify/main.ts --region "$2" --regions-only >"$3"' \
      verify "$project" "$1" "$work/check" || code=$?
    [ "$code" -eq 3 ] && [ $((SECONDS - started)) -lt "${WAVE_CHECK_SECONDS:-900}" ] || break
    say "$(tail -n 1 "$work/check") The check is repeated in ${WAVE_WAIT_SECONDS:-30} seconds."
    pause "${WAVE_WAIT_SECONDS:-30}"
  done
  if [ "$code" -eq 0 ]; then say "$(tail -n 1 "$work/check")"; else cat "$work/check" >&2; fi
  return "$code"
}

# Reads the order of a release in waves. If a region is not deployed yet, the order remains the usual one.
plan_waves() {
  local lines region
  lines=$(stacks --waves)
  regions=$(printf '%s\n' "$lines" | sed -n 's/ wave$//p')
  for region in $regions; do
    init "$region" || stop "$region" "terraform init failed. The waves require the states of all regions. Nothing was changed."
    if ! deployed "$region"; then
      say "" "$region is not deployed yet, and the database of a standby region needs that of the primary region: all stacks are applied in their usual order, without waves and checks."
      return 0
    fi
  done
  names=$(printf '%s\n' "$lines" | sed 's/ wave$//')
  wave_count=$(count "$regions")
  if [ "$wave_count" -eq 1 ]; then say "" "There is one wave, because the platform has one region."; fi
}

names=$(stacks)
[ -z "$waves" ] || plan_waves
total=$(count "$names")
number=0
for stack in $names; do
  number=$((number + 1))
  if is_wave "$stack"; then wave=$((wave + 1)); fi
  say "" "== apply $stack ($number of $total)$(wave_text "$stack")"
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
  if is_wave "$stack"; then check_region "$stack" || stop "$stack" "it is applied, and its check failed: see above."; fi
  finished="$finished $stack"
done
say "" "Applied:$finished"
running_images
