import { GetAliasCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { LiveRegion } from "../live-region";

export const FUNCTIONS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every function is active, traced, and encrypts its environment variables with its own key",
    requirementIds: ["S002-3.1", "S002-3.2", "S002-T5", "S002-C5", "S002-D5", "S004-7.3", "S004-T11"],
    appliesTo: (live) => live.resources("aws_lambda_function").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_lambda_function"), (lambda) => {
        const FunctionName = live.text(lambda, "function_name");
        return checkResource(FunctionName, async () => {
          const found = await live.own.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
          return differences({
            // Lambda reactivates a function that was idle for weeks at its next invocation.
            state: [found.State === "Inactive" ? "Active" : found.State, "Active"],
            "last update": [found.LastUpdateStatus, "Successful"],
            tracing: [found.TracingConfig?.Mode, "Active"],
            key: [found.KMSKeyArn, await live.referencedKey(lambda, lambda.values["kms_key_arn"])],
          });
        });
      }),
  },
  {
    requirement: "The alias of the payment validation function points to a published version",
    requirementIds: ["S002-3.1", "S002-T5", "S002-D5"],
    appliesTo: ({ config }) => config.validation.enabled,
    violations: (live) =>
      checkEach(live.resources("aws_lambda_alias"), (alias) => {
        const FunctionName = live.referencedName(alias.stack, alias.values["function_name"], "function_name");
        const Name = live.text(alias, "name");
        return checkResource(`${FunctionName}:${Name}`, async () => {
          const { FunctionVersion } = await live.own.lambda.send(new GetAliasCommand({ FunctionName, Name }));
          return FunctionVersion === "$LATEST" ? ["points to $LATEST, which is not a published version"] : [];
        });
      }),
  },
];
