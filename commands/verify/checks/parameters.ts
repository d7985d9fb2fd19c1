import { GetParameterCommand, paginateDescribeParameters, type ParameterMetadata } from "@aws-sdk/client-ssm";
import { healthCheckParameter } from "../../../modules/dns/failover";
import { regionDomain } from "../../../stacks/domains";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";

export const PARAMETERS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Parameter Store has every parameter of the service, with the configured type",
    requirementIds: ["S000-T11", "S000-D13", "S004-10.1", "S004-10.2", "S004-10.3", "S004-10.4", "S004-D11"],
    violations: async (live) => {
      const found = new Map<string | undefined, ParameterMetadata>();
      const filter = { Key: "Name", Option: "BeginsWith", Values: [`${live.ownNames.path()}/`] };
      for await (const { Parameters = [] } of paginateDescribeParameters({ client: live.own.ssm }, { ParameterFilters: [filter] }))
        for (const parameter of Parameters) found.set(parameter.Name, parameter);
      return live.named("aws_ssm_parameter", "name").flatMap(({ name, values }) => {
        const parameter = found.get(name);
        return parameter ? differences({ [`type of ${name}`]: [parameter.Type, values["type"]] }) : [`${name} does not exist`];
      });
    },
  },
];

export const HEALTH_CHECK_PARAMETERS: readonly Check<Live>[] = [
  {
    requirement: "Every region has parameters with the IDs of all regions' Route 53 health checks",
    requirementIds: ["S000-6.2", "S000-3.4"],
    appliesTo: ({ config }) => config.runbooks.enabled && config.regions.length > 1,
    violations: async (live) => {
      const checks = await live.environment.healthChecks();
      const { regions } = live.config;
      return checkEach(regions, ({ name: region }) =>
        checkEach(regions, ({ name }) => {
          const Name = live.names(region).path(healthCheckParameter(name));
          return checkResource(Name, async () => {
            const { Parameter } = await live.aws(region).ssm.send(new GetParameterCommand({ Name }));
            return differences({ value: [Parameter?.Value, checks.get(regionDomain(live.config, name))?.id] });
          });
        }),
      );
    },
  },
];
