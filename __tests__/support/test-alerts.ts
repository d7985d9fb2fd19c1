import type { Construct } from "constructs";
import { Names } from "../../config/naming";
import { Alerts } from "../../modules/monitoring/alerts";
import { MINIMAL } from "./config";
import { runbookPages } from "./runbook-pages";

/** The alerts of us-east-1 in the environment test-1, in a stack of their own. */
export function testAlerts(scope: Construct): Alerts {
  return new Alerts(scope, "alerts", {
    names: new Names("test-1", "us-east-1", MINIMAL.account_id),
    purpose: "alerts",
    region: "us-east-1",
    accountId: MINIMAL.account_id,
    keyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
    emails: "[]",
    pages: runbookPages(),
  });
}
