import { GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { type Check, checkEach, checkResource } from "../check";
import type { Live } from "../live";

/** Of any scope. */
export const DASHBOARDS: readonly Check<Live>[] = [
  {
    requirement: "Every dashboard exists",
    requirementIds: ["S000-5.5", "S000-S5", "S000-D9", "S003-7.6"],
    violations: (live) =>
      checkEach(live.resources("aws_cloudwatch_dashboard"), (dashboard) => {
        const DashboardName = live.text(dashboard, "dashboard_name");
        return checkResource(DashboardName, async () => {
          const { DashboardBody } = await live.aws(dashboard.region).cloudwatch.send(new GetDashboardCommand({ DashboardName }));
          return DashboardBody ? [] : ["is empty"];
        });
      }),
  },
];
