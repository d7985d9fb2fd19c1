import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config/load";
import { exampleFile } from "../../config/example/example-file";
import { DEFAULT_PRESET, PRESETS } from "../../config/presets";
import { command } from "../command";
import { answerFrom, type Answers, fileWith, questions } from "./answers";

const FILE = "terraform.tfvars";
const WAIT_MS = 5_000;

const HELP = `Writes terraform.tfvars: the example, with your values. Asks for what is not an option. Without a terminal,
--account, --zone-name and --zone-id are required, unless the credentials name the account.

usage: npm run init [-- --account ID] [--preset NAME] [--suffix SUFFIX] [--zone-name NAME] [--zone-id ID] [--emails LIST]
                    [--regions LIST] [--force] [--help]

  --account ID      id of the AWS account (default: that of your credentials)
  --preset NAME     ${Object.keys(PRESETS).join(", ")}
  --suffix SUFFIX   suffix of every resource name
  --zone-name NAME  hosted zone of Route 53
  --zone-id ID      its id
  --emails LIST     e-mail addresses for alerts, separated by commas
  --regions LIST    regions, the primary region first, separated by commas (default: those of the preset)
  --force           replace an existing file

Exit codes: 0 written, 1 not written.`;

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      force: { type: "boolean" },
      account: text,
      preset: text,
      suffix: text,
      "zone-name": text,
      "zone-id": text,
      emails: text,
      regions: text,
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (existsSync(FILE) && !values.force) throw new Error(`${FILE} exists. Edit it, or replace it with --force.`);
  const given = await answers(values);
  const content = fileWith(exampleFile(given.preset in PRESETS ? given.preset : DEFAULT_PRESET), given);
  await validate(content);
  writeFileSync(FILE, content);
  console.log(`${FILE} is written. Next: npm run synth, npm run bootstrap, npm run doctor.`);
  return 0;
}

/** The options, and for each that is missing the answer to its question. */
async function answers(options: Readonly<Partial<Record<keyof Answers, string>>>): Promise<Answers> {
  const all = questions(Object.keys(PRESETS), options.account ?? (await accountOfCredentials()));
  const asks = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stderr }) : undefined;
  try {
    const found: Partial<Record<keyof Answers, string | readonly string[]>> = {};
    for (const { key, text, default: suggested } of all) {
      const given = options[key] ?? (await asks?.question(suggested === "" ? `${text}: ` : `${text} [${suggested}]: `));
      found[key] = answerFrom(key, given === undefined || given.trim() === "" ? suggested : given);
    }
    return found as Answers;
  } finally {
    asks?.close();
  }
}

/** Undefined without credentials, or when AWS does not answer. */
async function accountOfCredentials(): Promise<string | undefined> {
  try {
    const sts = new STSClient({ region: process.env["AWS_REGION"] ?? "us-east-1", maxAttempts: 1 });
    return (await sts.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(WAIT_MS) })).Account;
  } catch {
    return undefined;
  }
}

/** @throws {ConfigError} with every problem of the values */
async function validate(content: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standfast-init-"));
  try {
    writeFileSync(join(folder, FILE), content);
    await loadConfig(folder, {});
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

command(main);
