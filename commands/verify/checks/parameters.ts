import { paginateDescribeParameters, type ParameterMetadata } from "@aws-sdk/client-ssm";
import { type Check, differences } from "../check";
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
