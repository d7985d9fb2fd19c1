import type { Result } from "../claims/claim";
import { escaped } from "./markup";

/**
 * The results as JUnit XML: a test case a claim and stack. An undecided claim is skipped.
 * @param strict what cannot be decided is a failure
 */
export function junit(results: readonly Result[], strict: boolean): string {
  const cases = results.flatMap((result) =>
    (result.stacks.length === 0 ? [{ ...result, stack: "" }] : result.stacks).map((found) => ({
      ...found,
      id: result.id,
      title: result.title,
    })),
  );
  const fails = (status: string): boolean => status === "refuted" || (strict && status === "unknown");
  const skipped = (status: string): boolean => !fails(status) && status !== "proven";
  const body = (found: (typeof cases)[number]): string => {
    if (fails(found.status))
      return `<failure message="${escaped(found.because)}">${escaped([...new Set([found.because, ...found.evidence])].join("\n"))}</failure>`;
    return skipped(found.status) ? `<skipped message="${escaped(`${found.status}: ${found.because}`)}"/>` : "";
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="prove"><testsuite name="prove" tests="${cases.length}" failures="${cases.filter(({ status }) => fails(status)).length}" skipped="${cases.filter(({ status }) => skipped(status)).length}">`,
    ...cases.map(
      (found) =>
        `<testcase classname="${escaped(found.stack === "" ? "prove" : found.stack)}" name="${escaped(`${found.id} ${found.title}`)}">${body(found)}</testcase>`,
    ),
    "</testsuite></testsuites>",
    "",
  ].join("\n");
}
