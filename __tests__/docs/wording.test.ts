import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { PROJECT } from "../support/requirements";

/** Words that documents, comments and messages of the product do not use, and what to write instead. */
const DIALECT: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bnobody\b/i, "the role (operator, on-call engineer, client), or the passive"],
  [/\bsomebody\b/i, "a user, an operator, an attacker; the passive"],
  [/\beverybody\b/i, "all users, all subscribers, all principals"],
  [/\banybody\b/i, "any user; an unauthenticated client"],
  [/\bwhoever\b/i, "the role that …; callers; operators"],
  [/\bno one\b/i, "the passive"],
  [/\bunwell\b/i, "unhealthy"],
  [/\bill\b(?!-)/i, "unhealthy"],
  [/\b(is|are|be|was|were|not|all|still|it|platform) well\b(?!-| known| as)/i, "healthy; available; succeeded"],
  [/\b(end|ends|ended|went|goes) well\b/i, "succeeded; completed"],
  [/\b(leads?|led|leading)\b(?! zero| slash| digit)/i, "route, resolve to, fail over, switch, point to"],
  [/\bpass(es|ed)? (it|them|him) by\b/i, "stops routing to"],
  [/\bfront[-_ ]?door\b/i, "load balancer"],
  [/\b(rings?|rang|ringing)\b/i, "is in ALARM, goes to ALARM, fires"],
  [/\b(tells?|told|telling)\b/i, "notify, report, state, print, distinguish"],
  [/\bwakes?\b(?! up a function)|\bwoken\b/i, "notifies"],
  [/\bhears? of\b/i, "receives an event"],
  [/\bstands?\b(?!ard|by|-)(?! (for|in for))(?! alone)/i, "is, exists, is in"],
  [/\bl(ie|ies|ay) in\b|\bl(ie|ies) there\b/i, "is in; contains"],
  [/\bbelongs? into\b/i, "belongs in"],
  [/\blook(s|ed|ing)? at\b/i, "read, check, open, inspect"],
  [/\b(takes?|taken|taking|took) on\b/i, "assume (a role)"],
  [/\bwork(s|ed)? (them |it )?off\b/i, "process"],
  [/\bturn(s|ed)? (them )?away\b/i, "throttled, blocked, rejected"],
  [/\bhand(s|ed)? (it |them )?on\b/i, "pass"],
  [/\bso many\b/i, "the number, or the name of the setting"],
  [/\bso often\b|\bas often as\b/i, "the interval"],
  [/\bshall\b/i, "must, will, is to"],
  [/\banew\b/i, "again; newly created"],
  [/\bfor good\b|\bfor ever\b/i, "permanently; without an expiry"],
  [/\ball the same\b/i, "anyway"],
  [/\bdear\b|\bcheap to keep\b/i, "high cost, low storage cost"],
  [/\b(can|could|may|might) be had\b|\bhad back\b/i, "is available; can be restored"],
  [/\bits making\b/i, "its creation"],
  [/\bnowhere said\b/i, "AWS does not document"],
  [/\b(answers?|takes?) no call\b/i, "is unreachable"],
  [/\bmend\b/i, "correct, fix"],
];

/** Files with words of others: licences, locks, recorded events of AWS, reserved words of SQL, and the names of old keys. */
const WORDS_OF_OTHERS = [
  "LICENSE",
  "package-lock.json",
  "config/reserved-names.ts",
  "__tests__/support/aws-events.ts",
  "__tests__/docs/wording.test.ts",
  "UPGRADING.md",
];
const TEXT_FILE = /\.(ts|mjs|md|example|yml|sh|py|json)$|^\.ci\/run$/;
/** Old keys are named where their answer is defined and tested, and in the list of changes. */
const OLD_KEY = "front_door";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: PROJECT, encoding: "utf8" })
  .split("\n")
  .filter((file) => TEXT_FILE.test(file) && !file.startsWith("__tests__/") && !WORDS_OF_OTHERS.includes(file));

/** The lines of a file that are the project's own words: of docs/requirements.md, neither the quotes nor the titles of tests. */
function ownLines(file: string): string[] {
  const lines = readFileSync(join(PROJECT, file), "utf8").split("\n");
  if (file !== "docs/requirements.md") return lines;
  return lines.map((line) => {
    const cells = line.split(/(?<!\\)\|/);
    return /^\| S\d{3}-/.test(line) ? [cells[0], cells[1], cells[3], ...cells.slice(5)].join("|") : line;
  });
}

function dialect(lines: readonly string[]): string[] {
  return lines.flatMap((line, index) =>
    DIALECT.flatMap(([pattern, instead]) => {
      const word = pattern.exec(line)?.[0];
      return word === undefined || word.includes(OLD_KEY) ? [] : [`${index + 1}: "${word}", write: ${instead}`];
    }),
  );
}

describe("the wording", () => {
  it("is that of AWS and Terraform, in every file of the product", () => {
    expect(files.flatMap((file) => dialect(ownLines(file)).map((found) => `${file}:${found}`))).toEqual([]);
  });

  it("is checked: a planted word is found, and standard words are not", () => {
    expect(dialect(["Nobody is told.", "It rings."])).toEqual([
      expect.stringContaining('1: "Nobody"'),
      expect.stringContaining('1: "told"'),
      expect.stringContaining('2: "rings"'),
    ]);
    expect(dialect(["Standfast has a standby with leading zeros.", "The alarm is in ALARM."])).toEqual([]);
    expect(files.length).toBeGreaterThan(200);
  });
});
