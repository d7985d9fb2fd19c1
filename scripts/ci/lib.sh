# shellcheck shell=bash
# Functions that the scripts in this folder share. It is sourced, not executed.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
outdir=${CDKTF_OUTDIR:-cdktf.out}
case $outdir in /*) ;; *) outdir=$project/$outdir ;; esac
terraform=${TERRAFORM_BINARY_NAME:-terraform}
export TF_IN_AUTOMATION=1 TF_INPUT=0
# CI systems set unknown variables to the empty string. Terraform would use it as the value.
for name in "${!TF_VAR_@}"; do [ -n "${!name}" ] || unset "$name"; done

# Time to wait for another run on the same stack; after that, Terraform reports that the state is locked.
lock_timeout=-lock-timeout=60s

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Progress is written to stderr, results to stdout.
say() { printf '%s\n' "$@" >&2; }
fail() {
  say "$@"
  exit 1
}

# Prints the comment at the head of the script as its help.
usage() { sed -n '2,/^[^#]/{/^#/{s/^# \{0,1\}//;p;};}' "$0"; }

tool() {
  local name=$1
  shift
  (cd "$project" && CDKTF_OUTDIR=$outdir node scripts/run.mjs "scripts/ci/$name.ts" "$@")
}

# Prints the images that ECS runs in each region on stderr.
running_images() {
  tool release >"$work/release" 2>&1 || say "The images that run cannot be read:"
  if [ -s "$work/release" ]; then
    say "Images that run:"
    cat "$work/release" >&2
  fi
}

# Completes a destroy, with its output on stderr.
cleanup() { (cd "$project" && CDKTF_OUTDIR=$outdir node scripts/run.mjs commands/cleanup/main.ts "$@" >&2); }

folder() { printf '%s/stacks/%s' "$outdir" "$1"; }

# Prints the names of the stacks in the order of deployment, one per line. Fails without a synth, or with that of another
# environment.
stacks() { tool stacks "$@"; }

count() { printf '%s\n' "$1" | wc -l | tr -d ' '; }

# A signal stops the run after Terraform has completed the operations in progress and saved the state.
interrupted=
passed_on=
child=
# Set while the whole process group of the child receives the signals.
group=
trap 'interrupt INT' INT
trap 'interrupt TERM' TERM
interrupt() {
  # CI systems send SIGTERM after SIGINT: ignored. A second Ctrl-C is deliberate: passed on.
  if [ -n "$interrupted" ] && [ "$1" = TERM ]; then return 0; fi
  if [ -z "$interrupted" ]; then
    if [ -n "$group" ]; then
      say "Interrupted. Please wait."
    else
      say "Interrupted: Terraform completes the operations in progress and saves the state. Please wait."
    fi
  fi
  interrupted=1
  pass_on
}
pass_on() {
  [ -n "$child" ] || return 0
  passed_on=1
  kill -INT -- "${group:+-}$child" 2>/dev/null || true
}

# attend PROCESS: waits for a background process, which receives the signals of this shell. Its exit code.
attend() {
  local code
  child=$1
  # A signal may have arrived before the line above.
  if [ -n "$interrupted" ] && [ -z "$passed_on" ]; then pass_on; fi
  # A signal ends the wait, not the child.
  while :; do
    code=0
    wait "$child" || code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  return "$code"
}

# pause SECONDS: waits. A signal ends the wait.
pause() {
  sleep "$1" &
  wait $! || kill $! 2>/dev/null || true
}

# in_group COMMAND ARGUMENTS: runs a command that may start other processes, with its output on stderr.
in_group() {
  local code=0
  [ -z "$interrupted" ] || return 130
  set -m
  "$@" >&2 </dev/null &
  set +m
  group=1
  attend $! || code=$?
  group=
  [ -z "$interrupted" ] || return 130
  return "$code"
}

# terraform_in STACK ARGUMENTS: runs Terraform in the stack's folder, with its output on stderr.
#
# Terraform runs in its own process group and receives signals from this shell only. Otherwise Ctrl-C on a terminal would
# reach it twice, and a second signal makes Terraform exit without saving its work. A signal from a CI system reaches only
# this shell.
terraform_in() {
  local stack=$1 code=0
  shift
  [ -z "$interrupted" ] || return 130
  : >"$work/errors"
  set -m
  "$terraform" -chdir="$(folder "$stack")" "$@" >&2 2>"$work/errors" </dev/null &
  set +m
  attend $! || code=$?
  # Buffered in a file: an interrupt would break a pipe, and Terraform with it.
  cat "$work/errors" >&2
  [ "$code" -eq 0 ] || explain_lock "$stack"
  [ -z "$interrupted" ] || return 130
  return "$code"
}

explain_lock() {
  local id
  grep -q "Error acquiring the state lock" "$work/errors" || return 0
  id=$(sed -n 's/.*ID:[[:space:]]*\([0-9a-fA-F-]\{36\}\).*/\1/p' "$work/errors" | head -n 1)
  say "" "$1 is locked by the run named above. Wait for it. Only if that run no longer exists, unlock the state:" \
    "  $terraform -chdir=$(folder "$1") force-unlock $id" \
    "  npm run orphans        # lists resources that the run created and did not save in the state"
}

# There is no lock file: each synth writes the stacks again and pins one exact version of the provider, whose signature
# Terraform verifies. -reconfigure, because the folder may have contained another environment before.
init() { terraform_in "$1" init -input=false -no-color -reconfigure; }

# Succeeds if the state of a stack contains a resource. Exits with an error if the state cannot be read.
deployed() {
  "$terraform" -chdir="$(folder "$1")" state pull >"$work/state" || fail "The state of $1 cannot be read."
  local found=no
  ! grep -q '"mode": "managed"' "$work/state" || found=yes
  rm -f "$work/state"
  [ $found = yes ]
}
