#!/usr/bin/env bash
# Writes a summary into a comment of a pull request on GitHub: always the same one, so that the newest plan is the only one.
#
# usage: GH_TOKEN=TOKEN scripts/ci/comment.sh NUMBER FILE
#
# Without a file there is nothing to say, and nothing is said.
#
# exit codes: 0 written, 1 error
# environment: GITHUB_REPOSITORY, as GitHub sets it: owner/name; GH_TOKEN, which may write comments
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
