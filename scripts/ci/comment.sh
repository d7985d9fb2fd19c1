#!/usr/bin/env bash
# Writes a summary to a comment on a GitHub pull request. Updates its own earlier comment, so that only the newest plan is shown.
#
# usage: GH_TOKEN=TOKEN scripts/ci/comment.sh NUMBER FILE
#
# If the file does not exist, it writes no comment.
#
# exit codes: 0 written, or no file; 1 error
# environment: GITHUB_REPOSITORY (owner/name, set by GitHub); GH_TOKEN, with permission to write comments
set -euo pipefail
# shellcheck source=scripts/ci/lib.sh
. "$(dirname "$0")/lib.sh"

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
  -*) fail "unknown argument $1: see comment.sh --help" ;;
esac
[ $# -eq 2 ] || fail "usage: comment.sh NUMBER FILE"
[ -f "$2" ] || {
  say "$2 does not exist: no comment."
  exit 0
}

mark="<!-- standfast: plan -->"
comments=repos/$GITHUB_REPOSITORY/issues/$1/comments
{
  printf '%s\n' "$mark"
  cat "$2"
} >"$work/body"
own=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1)
if [ -n "$own" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$own" --field "body=@$work/body" --silent
else
  gh api --method POST "$comments" --field "body=@$work/body" --silent
fi
