# shellcheck shell=bash
# What the scripts beside it share. It is read by them, not run.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
outdir=${CDKTF_OUTDIR:-cdktf.out}
case $outdir in /*) ;; *) outdir=$project/$outdir ;; esac
terraform=${TERRAFORM_BINARY_NAME:-terraform}
export TF_IN_AUTOMATION=1 TF_INPUT=0
# CI servers set what they do not know to nothing. Terraform would take that for a value.
for name in "${!TF_VAR_@}"; do [ -n "${!name}" ] || unset "$name"; done

# Another run may be at work on the same stack: wait for it so long, then say that the state is locked.
lock_timeout=-lock-timeout=60s

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Progress goes to stderr: stdout is for results.
say() { printf '%s\n' "$@" >&2; }
fail() {
  say "$@"
  exit 1
}

# The comment at the head of a script is its help.
usage() { sed -n '2,/^[^#]/{/^#/{s/^# \{0,1\}//;p;};}' "$0"; }

tool() {
  local name=$1
  shift
  (cd "$project" && CDKTF_OUTDIR=$outdir node scripts/run.mjs "scripts/ci/$name.ts" "$@")
}

folder() { printf '%s/stacks/%s' "$outdir" "$1"; }

# The names of the stacks in the order of their deploy, one a line. Fails where there is no synth, or another environment's.
stacks() { tool stacks "$@"; }

count() { printf '%s\n' "$1" | wc -l | tr -d ' '; }

# A signal ends the run after what Terraform has begun: at once would be without saving it.
interrupted=
passed_on=
child=
trap 'interrupt INT' INT
trap 'interrupt TERM' TERM
interrupt() {
  # The SIGTERM that CI servers send after a SIGINT says nothing new. A second Ctrl-C is a person who insists.
  if [ -n "$interrupted" ] && [ "$1" = TERM ]; then return 0; fi
  [ -n "$interrupted" ] || say "Interrupted: Terraform ends what it has begun and saves the state. Please wait."
  interrupted=1
  pass_on
}
pass_on() {
  [ -n "$child" ] || return 0
  passed_on=1
  kill -INT "$child" 2>/dev/null || true
}

# terraform_in STACK ARGUMENTS: runs Terraform in the stack's folder, with its output on stderr.
#
# It gets a process group of its own, and signals from here only. Ctrl-C on a terminal would otherwise reach it twice, and
# a second signal makes Terraform give up without saving what it has done; a CI server's signal reaches this shell alone.
terraform_in() {
  local stack=$1 code
  shift
  [ -z "$interrupted" ] || return 130
  : >"$work/errors"
  set -m
  "$terraform" -chdir="$(folder "$stack")" "$@" >&2 2>"$work/errors" </dev/null &
  child=$!
  set +m
  # A signal that came between the two lines above.
  if [ -n "$interrupted" ] && [ -z "$passed_on" ]; then pass_on; fi
  # A signal ends the wait, not the child.
  while :; do
    code=0
    wait "$child" || code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  # Kept in a file until now: a pipe would break with an interrupt, and Terraform with it.
  cat "$work/errors" >&2
  [ "$code" -eq 0 ] || explain_lock "$stack"
  [ -z "$interrupted" ] || return 130
  return "$code"
}

explain_lock() {
  local id
  grep -q "Error acquiring the state lock" "$work/errors" || return 0
  id=$(sed -n 's/.*ID:[[:space:]]*\([0-9a-fA-F-]\{36\}\).*/\1/p' "$work/errors" | head -n 1)
  say "" "$1 is locked by the run named above. Wait for it. Only if it is dead, say:" \
    "  $terraform -chdir=$(folder "$1") force-unlock $id" \
    "  npm run orphans        # what it may have made without writing it down"
}

# There is no lock file to respect: the stacks are written anew by each synth and name one exact version of the provider,
# whose signature Terraform checks. -reconfigure, because the same folder may have held another environment before.
init() { terraform_in "$1" init -input=false -no-color -reconfigure; }

# Whether anything of a stack exists. Fails, instead of saying no, where the state cannot be read.
deployed() {
  "$terraform" -chdir="$(folder "$1")" state pull >"$work/state" || fail "The state of $1 cannot be read."
  local found=no
  ! grep -q '"mode": "managed"' "$work/state" || found=yes
  rm -f "$work/state"
  [ $found = yes ]
}
