import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import { pageNames } from "./page";
import type { RunbookPages } from "./runbook-pages";

/** An Automation document needs a step. It does nothing: a page can be executed by mistake. */
const NO_ACTION = { name: "no_action", action: "aws:sleep", inputs: { Duration: "PT1S" }, isEnd: true };

/**
 * The runbook pages as documents of Systems Manager: the console shows the Markdown of a description, and everyone with the managed
 * policy AmazonSSMReadOnlyAccess can read them. No other resource depends on them.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export class RunbookDocuments extends Construct {
  constructor(scope: Construct, id: string, pages: RunbookPages) {
    super(scope, id);
    for (const page of pageNames())
      new SsmDocument(this, page, {
        name: pages.documentName(page),
        documentType: "Automation",
        documentFormat: "JSON",
        content: withoutTemplates(JSON.stringify({ schemaVersion: "0.3", description: pages.text(page), mainSteps: [NO_ACTION] })),
      });
  }
}

/** Terraform evaluates templates in strings. */
function withoutTemplates(text: string): string {
  return text.replaceAll(/[$%]\{/g, (start) => `${start.slice(0, 1)}${start}`);
}
