// Requests every link to another site in the documentation and in the source: npm run links
//
// The tests check the links between the pages of the project. This needs the internet, so it runs on its own.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const HELP = `Requests every https link of the Markdown and TypeScript files, and prints those that do not answer.

usage: npm run links [-- [FOLDER] [--help]]

  FOLDER  where the files are (default: the project's folder)

exit codes: 0 every link answers, 3 at least one does not`;
const LEFT_OUT = ["node_modules", "cdktf.out", "__tests__", ".git", "site"];
const AT_ONCE = 8;
const TIMEOUT_MS = 20_000;
// Names that exist in examples only.
const EXAMPLES = /bank\.(net|test)|standfast\.test|example\.com|hooks\.slack\.com|pagerduty\.com\/integration|\$|<|…/;

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return /\.(md|ts|example)$/.test(entry.name) ? [path] : [];
    });
}

/** The links of all files, each with the files that have it. */
function linksBelow(folder) {
  const links = new Map();
  for (const file of filesBelow(folder))
    for (const [link] of readFileSync(file, "utf8").matchAll(/https?:\/\/[^\s)"'`\]|\\]+/g)) {
      const plain = link.replace(/[.,;:]+$/, "").split("#")[0];
      if (!EXAMPLES.test(plain)) links.set(plain, (links.get(plain) ?? new Set()).add(file));
    }
  return links;
}

/** The status of an answer, or the reason why there is none. Sites that reject the first request get a second one. */
async function answerOf(link) {
  let last;
  for (const method of ["HEAD", "GET"]) {
    try {
      const { status } = await fetch(link, { method, redirect: "follow", signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (status < 400) return undefined;
      last = `status ${status}`;
    } catch (error) {
      last = error.cause?.message ?? error.message;
    }
  }
  return last;
}

const [argument] = process.argv.slice(2);
if (argument === "--help" || argument === "-h") {
  console.log(HELP);
} else if (argument?.startsWith("-")) {
  console.error(`${argument} is not an option. npm run links -- --help explains the arguments.`);
  process.exitCode = 1;
} else {
  const links = [...linksBelow(argument ?? ".")];
  const faults = [];
  const queue = [...links];
  const worker = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [link, files] = next;
      const fault = await answerOf(link);
      if (fault !== undefined) faults.push(`${link}: ${fault} (${[...files].join(", ")})`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const fault of faults.sort()) console.log(fault);
  console.log(`${links.length} links, ${faults.length} without an answer`);
  process.exitCode = faults.length === 0 ? 0 : 3;
}
