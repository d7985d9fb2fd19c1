import type { Result, Status } from "../claims/claim";

/** What is compared: the claims of an earlier run, as its JSON has them. */
export type Former = readonly Pick<Result, "id" | "title" | "status" | "because">[];

/** A claim that another status has than before. Undefined: it did not exist, or does not any more. */
export interface Change {
  readonly id: string;
  readonly title: string;
  readonly from: Status | undefined;
  readonly to: Status | undefined;
  readonly because: string;
}

/** Which claims changed since an earlier run. */
export function difference(former: Former, results: Former): readonly Change[] {
  const ids = [...new Set([...results, ...former].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const [before, now] = [former, results].map((all) => all.find((result) => result.id === id));
    if (before?.status === now?.status) return [];
    return [
      { id, title: (now ?? before)?.title ?? "", from: before?.status, to: now?.status, because: now?.because ?? "The claim was removed." },
    ];
  });
}

/** What is refuted and what changed, in Markdown, for a comment on a pull request. */
export function differenceSummary(changes: readonly Change[] | undefined, results: Former): string {
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  return [
    "### Claims",
    "",
    `${count("proven")} proven, ${count("refuted")} refuted, ${count("unknown")} unknown, ${count("not-applicable")} not applicable.`,
    "",
    ...results.filter(({ status }) => status === "refuted").map(({ id, because }) => `- **${id} is refuted**: ${because}`),
    "",
    ...(changes === undefined ? [] : changes.length === 0 ? ["No claim changed against the base."] : changeTable(changes)),
    "",
  ].join("\n");
}

function changeTable(changes: readonly Change[]): readonly string[] {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return [
    "| claim | base | now | because |",
    "|---|---|---|---|",
    ...changes.map(
      ({ id, title, from, to, because }) => `| ${id}: ${cell(title)} | ${from ?? "none"} | **${to ?? "none"}** | ${cell(because)} |`,
    ),
  ];
}
