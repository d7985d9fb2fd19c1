import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";

/** Of any scope. */
export const EVENT_RULES: readonly Check<Live>[] = [
  {
    requirement: "Every event rule is enabled and has all of its targets",
    requirementIds: ["S000-5.1", "S000-5.2", "S000-T6", "S003-7.4", "S003-7.5", "S004-6.2", "S004-6.3", "S004-7.3", "S004-8.3", "S004-9.2"],
    appliesTo: (live) => live.resources("aws_cloudwatch_event_rule").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_cloudwatch_event_rule"), (rule) => {
        const Name = live.text(rule, "name");
        return checkResource(Name, async () => {
          const { events } = live.aws(rule.region);
          const bus = rule.values["event_bus_name"];
          const eventBus = bus === undefined ? {} : { EventBusName: live.referencedName(rule.stack, bus, "name") };
          const { State } = await events.send(new DescribeRuleCommand({ Name, ...eventBus }));
          const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, ...eventBus }));
          const targetIds = live
            .resources("aws_cloudwatch_event_target")
            .filter(({ stack, values }) => live.environment.expected.referenced(stack, values["rule"]) === rule)
            .map(({ values }) => values["target_id"]);
          return [
            ...differences({ state: [State, "ENABLED"] }),
            ...targetIds.filter((id) => !Targets.some((target) => target.Id === id)).map((id) => `has no target ${String(id)}`),
          ];
        });
      }),
  },
];

export const EVENT_BUS: readonly Check<LiveRegion>[] = [
  {
    requirement: "The event bus is encrypted with its own key, and its archive keeps events for the configured number of days",
    requirementIds: ["S004-6.1", "S004-6.3", "S004-D7"],
    appliesTo: ({ config }) => config.events.enabled,
    violations: async (live) => {
      const [Name, ArchiveName] = [live.ownNames.of("cloudwatch_event_bus"), live.ownNames.of("cloudwatch_event_archive")];
      return [
        ...(await checkResource(Name, async () => {
          const { KmsKeyIdentifier } = await live.own.events.send(new DescribeEventBusCommand({ Name }));
          return differences({ key: [KmsKeyIdentifier, await live.key("events")] });
        })),
        ...(await checkResource(ArchiveName, async () => {
          const { State, RetentionDays } = await live.own.events.send(new DescribeArchiveCommand({ ArchiveName }));
          return differences({ state: [State, "ENABLED"], "retention in days": [RetentionDays, live.config.events.archiveDays] });
        })),
      ];
    },
  },
];
