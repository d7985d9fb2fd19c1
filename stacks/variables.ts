import { Fn, TerraformVariable, type TerraformVariableConfig, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { hclLiteral } from "./hcl-literal";
import { PLAN_KEYS, schema } from "../config/schema";
import { IMAGE_PATTERN } from "../config/schema/release";
import { EMAIL_PATTERN } from "../config/schema/required";
import type { Config, ServiceConfig } from "../config/config";

type ReleasedService = Pick<ServiceConfig, "name" | "isDefault" | "containerCommand" | "taskEnvironment">;

/** What a release changes of a service. */
export interface ReleaseValues {
  readonly image: string;
  readonly command: string[];
  /** HCL expression. */
  readonly environment: string;
}

/**
 * Every key of `terraform.tfvars` as a Terraform variable. A few carry values that a release may change at plan time;
 * the others have already shaped the configuration, and say so when they are given another value.
 */
export class Variables extends Construct {
  /** HCL expression, to be used inside `${}`. */
  readonly alertEmails = "var.alert_emails";
  private readonly containerImage: string;
  private readonly containerCommand: string[];
  private readonly serviceImages: TerraformVariable;
  /** HCL expressions: the version that callers of the validation get, empty for the newest, and how many get the newest. */
  readonly validationRelease = { version: "var.validation_release.version", newestPercent: "var.validation_release.newest_percent" };

  constructor(scope: Construct, id: string, config: Config, given: Readonly<Record<string, unknown>>) {
    super(scope, id);
    const [primary, ...additional] = config.services;
    if (!primary) throw new Error("no service");
    this.containerImage = this.variable("container_image", primary.image, {
      type: "string",
      nullable: false,
      description: "Image of the container, with tag or digest. Changes roll the tasks.",
      validation: [
        {
          condition: `\${can(regex(${hclLiteral(IMAGE_PATTERN)}, var.container_image)) && can(regex(":[^/]*$", var.container_image)) && !endswith(var.container_image, ":latest")}`,
          errorMessage:
            "container_image needs a registry and a tag or digest, and not the tag latest: two tasks of one deployment must run the same program.",
        },
      ],
    }).stringValue;
    this.containerCommand = this.variable("container_command", [...primary.containerCommand], {
      type: "list(string)",
      nullable: false,
      description: "Command of the container and its arguments. Empty: the image's own.",
    }).listValue;
    this.variable(
      "task_environment",
      { ...primary.taskEnvironment },
      {
        type: "map(string)",
        nullable: false,
        description: "Environment variables of the container. No secrets: they would be readable in the task definition.",
        validation: [
          {
            condition: '${alltrue([for name in keys(var.task_environment) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])}',
            errorMessage: "The names of task_environment are letters, digits and underscores, and start with no digit.",
          },
        ],
      },
    );
    this.variable("alert_emails", [...config.alertEmails], {
      type: "set(string)",
      nullable: false,
      description: "E-mail addresses that receive the alerts. Each must confirm once.",
      validation: [
        {
          condition: `\${alltrue([for email in var.alert_emails : can(regex(${hclLiteral(EMAIL_PATTERN)}, email))])}`,
          errorMessage: "alert_emails holds e-mail addresses only, such as oncall@bank.net.",
        },
      ],
    });
    this.serviceImages = this.variable("service_images", Object.fromEntries(additional.map(({ name, image }) => [name, image])), {
      type: "map(string)",
      nullable: false,
      description: "Images of further services by their names, with tag or digest. Changes roll the tasks.",
      validation: [
        {
          condition: `\${jsonencode(sort(keys(var.service_images))) == ${hclLiteral(JSON.stringify(additional.map(({ name }) => name).sort()))}}`,
          errorMessage: `service_images names an image for each of the services that were synthesized: ${additional.map(({ name }) => name).join(", ") || "none"}.`,
        },
        {
          condition: `\${alltrue([for image in values(var.service_images) : can(regex(${hclLiteral(IMAGE_PATTERN)}, image)) && can(regex(":[^/]*$", image)) && !endswith(image, ":latest")])}`,
          errorMessage: "service_images needs a registry and a tag or digest for each, and not the tag latest.",
        },
      ],
    });
    this.variable(
      "validation_release",
      { version: config.validationRelease.version, newest_percent: config.validationRelease.newestPercent },
      {
        type: "object({ version = string, newest_percent = number })",
        nullable: false,
        description:
          "Version of the validation function that is called, empty for the newest, and percent of calls that get the newest all the same.",
        validation: [
          {
            condition:
              '${can(regex("^[0-9]*$", var.validation_release.version)) && var.validation_release.newest_percent >= 0 && var.validation_release.newest_percent < 100}',
            errorMessage: "validation_release holds a version in digits, or none for the newest, and a percentage of 0 to 99.",
          },
        ],
      },
    );
    for (const key of Object.keys(schema.shape).filter((name) => !PLAN_KEYS.includes(name))) this.pinned(key, given[key]);
  }

  /** The container of a service, as far as a release changes it. */
  release({ name, isDefault, containerCommand, taskEnvironment }: ReleasedService): ReleaseValues {
    if (isDefault) return { image: this.containerImage, command: this.containerCommand, environment: "var.task_environment" };
    return {
      image: Token.asString(Fn.lookupNested(this.serviceImages.value, [name])),
      command: [...containerCommand],
      environment: hclLiteral(taskEnvironment),
    };
  }

  /** A key that has shaped the configuration: any other value than the one it was synthesized with ends the plan. */
  private pinned(key: string, value: unknown): void {
    const json = JSON.stringify(value ?? null);
    this.variable(key, value ?? null, {
      type: terraformType(schema.shape[key as keyof typeof schema.shape]),
      description: `Shapes the configuration; synthesized with ${value === undefined ? "the preset's value" : json}.`,
      validation: [
        {
          // Both sides go through the same encoder, which sorts the keys.
          condition: `\${jsonencode(var.${key}) == jsonencode(jsondecode(${hclLiteral(json)}))}`,
          errorMessage: `${key} shapes the configuration, which was synthesized with another value. Edit terraform.tfvars and run cdktf synth again.`,
        },
      ],
    });
  }

  /** A variable under its own name, as `-var` and `-var-file` know it. */
  private variable(key: string, value: unknown, config: TerraformVariableConfig): TerraformVariable {
    const variable = new TerraformVariable(this, key, config);
    variable.overrideLogicalId(key);
    // Given to the constructor, null would be an error and the user's own map keys would be rewritten to snake_case.
    variable.addOverride("default", value);
    return variable;
  }
}

/** Plain strings and flags by name, so that `-var key=value` reads as people write it; tables and lists as they come. */
function terraformType(type: z.ZodType): string {
  const inner = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
  if (inner instanceof z.ZodString) return "string";
  return inner instanceof z.ZodBoolean ? "bool" : "any";
}
