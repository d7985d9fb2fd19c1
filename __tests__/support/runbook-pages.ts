import { Names } from "../../config/naming";
import { RunbookPages, type RunbookPagesProps } from "../../modules/runbook-pages/runbook-pages";
import { MINIMAL } from "./config";

/** The runbook pages of us-east-1 in the environment test-1. */
export function runbookPages(changed: Partial<RunbookPagesProps> = {}): RunbookPages {
  return new RunbookPages({
    names: new Names("test-1", "us-east-1", MINIMAL.account_id),
    region: "us-east-1",
    accountId: MINIMAL.account_id,
    environmentSuffix: "test-1",
    ...changed,
  });
}

/** The end of every message: the link to the document of a page, and the title of its section. */
const LINK =
  / First command: `([^`]+)` Runbook: https:\/\/([a-z0-9-]+)\.console\.aws\.amazon\.com\/systems-manager\/documents\/([\w-]+)\/description\?region=\2 \(([^()]+)\)"?$/;

export interface LinkedSection {
  readonly command: string;
  readonly region: string;
  readonly document: string;
  readonly title: string;
}

/** What a message asks on-call to execute and to read. */
export function linkedSection(message: string): LinkedSection | undefined {
  const [, command, region, document, title] = LINK.exec(message) ?? [];
  if (command === undefined || region === undefined || document === undefined || title === undefined) return undefined;
  return { command, region, document, title };
}
