#!/usr/bin/env bash
# Proves the claims about the last synth, and compares them with those about another commit.
#
# usage: scripts/ci/prove.sh [--base COMMIT] [--summary FILE]... [--out FOLDER] [-- arguments of npm run prove]
#
#   --base COMMIT   synthesize COMMIT with the same configuration (TFVARS_FILE as it is there), and name the claims that changed
#   --summary FILE  also append the summary, in Markdown, to FILE (repeatable)
#   --out FOLDER    write claims.json, claims.xml (JUnit) and claims.html to FOLDER
#
# The claims about both commits are decided by the same version of npm run prove: that of the work tree.
#
# exit codes: 0 no claim is refuted, 3 a claim is refuted, 1 error
# environment: CDKTF_OUTDIR, output folder of the synth (default: cdktf.out); TFVARS_FILE
set -euo pipefail
# shellcheck source=scripts/ci/lib.sh
. "$(dirname "$0")/lib.sh"

base=
summaries=()
out=
while [ $# -gt 0 ]; do
  case $1 in
    --base | --summary | --out)
      [ $# -gt 1 ] || fail "$1 needs a value."
      case $1 in
        --base) base=$2 ;;
        --summary) summaries+=("$2") ;;
        --out) out=$2 ;;
      esac
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
    *) fail "unknown argument $1: see prove.sh --help" ;;
  esac
  shift
done

prove() { (cd "$project" && node scripts/run.mjs prove/main.ts "$@"); }

# Synthesizes the base in a work tree of its own, with its own packages if they differ.
synthesize_base() {
  local tree=$work/base
  git -C "$project" worktree add --quiet --detach "$tree" "$base" || fail "The commit $base cannot be checked out: fetch it first."
  trap 'git -C "$project" worktree remove --force "$work/base" 2>/dev/null || true; rm -rf "$work"' EXIT
  if cmp -s "$project/package-lock.json" "$tree/package-lock.json"; then
    ln -s "$project/node_modules" "$tree/node_modules"
  else
    (cd "$tree" && npm ci --no-audit --no-fund >&2)
  fi
  (cd "$tree" && CDKTF_OUTDIR=$work/base-out npm run --silent synth >"$work/synth" 2>&1)
}

arguments=()
if [ -n "$base" ]; then
  if synthesize_base; then
    code=0
    prove --from "$work/base-out" --json "$work/base.json" >"$work/base.txt" 2>&1 || code=$?
    if [ $code -eq 0 ] || [ $code -eq 3 ]; then
      arguments+=(--base "$work/base.json")
    else
      say "The claims about $base cannot be decided:" "$(cat "$work/base.txt")"
    fi
  else
    # A first pull request may add the configuration that the synth needs.
    say "$base cannot be synthesized with this configuration, so nothing is compared:" "$(cat "$work/synth" 2>/dev/null || true)"
  fi
fi
if [ -n "$out" ]; then
  mkdir -p "$out"
  out=$(cd "$out" && pwd)
  arguments+=(--json "$out/claims.json" --junit "$out/claims.xml" --html "$out/claims.html")
fi
code=0
prove --from "$outdir" --summary "$work/summary.md" ${arguments[@]+"${arguments[@]}"} "$@" || code=$?
for file in ${summaries[@]+"${summaries[@]}"}; do
  if [ -f "$work/summary.md" ]; then cat "$work/summary.md" >>"$file"; fi
done
exit $code
