import { describe, expect, it } from "@jest/globals";
import { pageNames, section } from "../../modules/runbook-pages/page";
import { failoverStack, oneRegion, regionStack, type Synthesized } from "../support/synthesized";
import { twoRegions } from "../support/config";
import { linkedSection, runbookPages } from "../support/runbook-pages";

const documents = oneRegion().all("aws_ssm_document");
const contentOf = (page: string): { description: string; mainSteps: object[] } =>
  JSON.parse(String(documents.find(({ name }) => name === `document-${page}-test-1`)?.["content"])) as {
    description: string;
    mainSteps: object[];
  };

describe("the link to a runbook page", () => {
  it("is by default the document of the page in the console of the region, with the title of the section", () => {
    expect(runbookPages().link("database.md#replica-lag")).toBe(
      "https://us-east-1.console.aws.amazon.com/systems-manager/documents/document-database-test-1/description?region=us-east-1 (Replica lag)",
    );
  });

  it("is the page of your own copy where a base URL is configured, and then there are no documents", () => {
    const monitoring = { runbook_base_url: "https://wiki.bank.test/runbooks" };
    expect(runbookPages({ baseUrl: monitoring.runbook_base_url }).link("database.md#replica-lag")).toBe(
      "https://wiki.bank.test/runbooks/database.md#replica-lag",
    );
    const stack = oneRegion({ monitoring });
    expect(stack.all("aws_ssm_document")).toEqual([]);
    const alarms = stack.all("aws_cloudwatch_composite_alarm").map(({ alarm_description: text }) => String(text));
    expect(alarms.filter((text) => !/ Runbook: https:\/\/wiki\.bank\.test\/runbooks\/[a-z-]+\.md#[a-z-]+$/.test(text))).toEqual([]);
  });

  it("leads from the alerts of health checks to the region that survives the first", () => {
    const [alarm] = failoverStack(twoRegions("hot")).all("aws_cloudwatch_metric_alarm");
    expect(linkedSection(String(alarm?.["alarm_description"]))).toMatchObject({ region: "us-west-2", document: "document-region-test-1" });
  });

  it.each(["database.md#nothing", "database.md", "database.md#"])("cannot refer to a section that does not exist: %s", (reference) => {
    expect(() => section(reference)).toThrow(/^docs\/runbooks\/database\.md has no section #/);
  });
});

describe("the first command of a message", () => {
  const pages = runbookPages();

  it("is the first of the section, with the names of the environment and the region", () => {
    expect(pages.firstCommand("database.md#writer-down")).toBe(
      "aws rds describe-events --source-type db-cluster --source-identifier aurora-test-1-us-east-1 --duration 30 --region us-east-1",
    );
  });

  it("has the values that the alarm adds", () => {
    expect(pages.firstCommand("zone.md#database-instance", { ZONE: "us-east-1b" })).toContain("aurora-us-east-1b-test-1");
    expect(pages.firstCommand("service.md#running-tasks", { SERVICE: "service-ledger" })).toContain("--services service-ledger-test-1");
  });

  it("lists the alarms where the section has no command that only reads and is complete", () => {
    const list = "aws cloudwatch describe-alarms --state-value ALARM --query 'MetricAlarms[].[AlarmName,StateReason]' --output table";
    // Its only command shifts traffic, and needs an id.
    for (const reference of ["zone.md#zonal-shift", "database.md#memory"])
      expect(pages.firstCommand(reference)).toBe(`${list} --region us-east-1`);
  });

  it("never changes anything", () => {
    const references = pageNames().flatMap((page) => titles(page).map((title) => `${page}.md#${title.toLowerCase().replaceAll(" ", "-")}`));
    expect(references.length).toBeGreaterThan(60);
    for (const reference of references)
      expect(pages.firstCommand(reference, { ZONE: "us-east-1a" })).toMatch(
        /^aws (logs tail|s3 ls|[a-z0-9-]+ (describe|list|get)-[a-z0-9-]+) [^$<>]*--region [a-z0-9-]+/,
      );
  });
});

describe("the document of a page", () => {
  it("exists for every page, in the format that Systems Manager shows as Markdown", () => {
    expect(documents.map(({ name }) => name).sort()).toEqual(pageNames().map((page) => `document-${page}-test-1`));
    for (const document of documents) expect(document).toMatchObject({ document_type: "Automation", document_format: "JSON" });
    for (const page of pageNames()) expect(contentOf(page)).toMatchObject({ schemaVersion: "0.3", mainSteps: [{ action: "aws:sleep" }] });
  });

  it("does not depend on the other regions, so that adding and removing one does not return to a former text", () => {
    const contents = (stack: Synthesized): unknown[] => stack.all("aws_ssm_document").map(({ content }) => content);
    expect(contents(regionStack(twoRegions("hot")))).toEqual(contents(oneRegion()));
  });

  it("is smaller than the limit of 64 KB", () => {
    for (const { content } of documents) expect(Buffer.byteLength(String(content))).toBeLessThan(64 * 1024);
  });

  it("contains no reference to a parameter, which Systems Manager would replace or reject", () => {
    for (const { content } of documents) expect(content).not.toContain("{{");
  });

  it("contains the text of the page, with the values of the environment in its commands", () => {
    expect(contentOf("database").description).toContain("export SUFFIX=test-1 AWS_REGION=us-east-1");
    expect(contentOf("database").description).toContain("## Replica lag\n");
    expect(contentOf("region").description).toMatch(
      /export SUFFIX=test-1 ACCOUNT=123456789012\nexport TARGET=us-east-1 OTHER=<the-other-region> /,
    );
  });

  it("links to the other documents and to web pages, and to nothing that the console cannot open", () => {
    const links = pageNames().flatMap((page) =>
      [...contentOf(page).description.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target),
    );
    expect(links.length).toBeGreaterThan(50);
    const others = links.filter((target) => !target.startsWith("https:"));
    expect(others).toEqual([]);
    const shown = new Set(documents.map(({ name }) => String(name)));
    const pages = links.flatMap((target) => /systems-manager\/documents\/([\w-]+)\//.exec(target)?.[1] ?? []);
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.filter((name) => !shown.has(name))).toEqual([]);
  });
});

function titles(page: string): string[] {
  return [...contentOf(page).description.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);
}
