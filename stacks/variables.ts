import { Fn, TerraformLocal, TerraformVariable, type TerraformVariableConfig, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { hclLiteral } from "../modules/state/hcl-literal";
import { PLAN_KEYS, schema } from "../config/schema";
import { IMAGE_PATTERN } from "../config/schema/release";
import { EMAIL_PATTERN } from "../config/schema/required";
import type { Config, ServiceConfig } from "../config/config";
import { platformVariables, RUNTIME_VARIABLES } from "../config/platform-variables";
import { registryAccounts, registryOf } from "../config/registry";
import { imageValidations } from "./image-validation";

type ReleasedService = Pick<ServiceConfig, "name" | "isDefault" | "containerCommand" | "taskEnvironment">;

/** Values of a service that a release changes. */
export interface ReleaseValues {
  readonly image: string;
  /** HCL expression. */
  readonly command: string;
  /** HCL expression. */
  readonly environment: string;
}

/**
 * Every key of `terraform.tfvars` as a Terraform variable. A release may change the values of a few of them at plan time. The
 * others shape the configuration at synth, and reject any other value.
 */
export class Variables extends Construct {
  /** HCL expression, to be used inside `${}`. */
  readonly alertEmails = "var.alert_emails";
  private readonly containerImage: string;
  private readonly serviceImages: TerraformVariable;
  private readonly config: Config;
  /** HCL expressions: image of the candidate, empty without one, and percentage of the requests that it receives. */
  readonly candidate = { image: "var.candidate_release.image", percent: "var.candidate_release.percent" };
  /** HCL expressions: version of the validation function, empty for the newest, and percentage of calls to the newest version. */
  readonly validationRelease = { version: "var.validation_release.version", newestPercent: "var.validation_release.newest_percent" };

  constructor(scope: Construct, id: string, config: Config, given: Readonly<Record<string, unknown>>) {
    super(scope, id);
    this.config = config;
    const [primary, ...additional] = config.services;
    if (!primary) throw new Error("the configuration has no service");
    this.containerImage = this.variable("container_image", primary.image, {
      type: "string",
      nullable: false,
      description: "Image of the container, with tag or digest. A change starts a rolling deployment.",
      validation: [
        {
          condition: `\${can(regex(${hclLiteral(IMAGE_PATTERN)}, var.container_image)) && can(regex(":[^/]*$", var.container_image)) && !endswith(lower(var.container_image), ":latest")}`,
          errorMessage:
            "container_image must have a registry and a tag or digest. The tag latest is rejected: all tasks of a deployment must run the same program.",
        },
        ...imageValidations("container_image", "[var.container_image]", config),
      ],
    }).stringValue;
    this.variable("container_command", [...primary.containerCommand], {
      type: "list(string)",
      nullable: false,
      description: "Command of the container and its arguments. Empty: the default of the image.",
    });
    this.variable(
      "task_environment",
      { ...primary.taskEnvironment },
      {
        type: "map(string)",
        nullable: false,
        description: "Environment variables of the container. No secrets: the values are readable in the task definition.",
        validation: [
          {
            condition: '${alltrue([for name in keys(var.task_environment) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])}',
            errorMessage:
              "The names in task_environment must contain only letters, digits and underscores, and must not start with a digit.",
          },
          {
            condition: `\${length(setintersection(keys(var.task_environment), ${hclLiteral([...platformVariables(primary.access), ...RUNTIME_VARIABLES, ...Object.keys(primary.secrets)])})) == 0}`,
            errorMessage:
              "task_environment contains a variable that the platform or Fargate sets, such as DATABASE_NAME or AWS_REGION, or one of service.secrets. Use another name.",
          },
        ],
      },
    );
    this.variable("alert_emails", [...config.alertEmails], {
      type: "set(string)",
      nullable: false,
      description: "E-mail addresses that receive alerts. Each address must confirm its subscription once.",
      validation: [
        {
          condition: `\${alltrue([for email in var.alert_emails : can(regex(${hclLiteral(EMAIL_PATTERN)}, email))])}`,
          errorMessage: "alert_emails must contain only e-mail addresses, such as oncall@bank.net.",
        },
      ],
    });
    this.serviceImages = this.variable("service_images", Object.fromEntries(additional.map(({ name, image }) => [name, image])), {
      type: "map(string)",
      nullable: false,
      description: "Images of additional services by name, with tag or digest. A change starts a rolling deployment.",
      validation: [
        {
          condition: `\${jsonencode(sort(keys(var.service_images))) == ${hclLiteral(JSON.stringify(additional.map(({ name }) => name).sort()))}}`,
          errorMessage: `service_images must contain an image for each additional service of the synthesized configuration: ${additional.map(({ name }) => name).join(", ") || "none"}.`,
        },
        {
          condition: `\${alltrue([for image in values(var.service_images) : can(regex(${hclLiteral(IMAGE_PATTERN)}, image)) && can(regex(":[^/]*$", image)) && !endswith(lower(image), ":latest")])}`,
          errorMessage: "Each image in service_images must have a registry and a tag or digest. The tag latest is rejected.",
        },
        ...imageValidations("service_images", "values(var.service_images)", config),
      ],
    });
    this.variable(
      "candidate_release",
      { ...config.candidateRelease },
      {
        type: "object({ image = string, percent = number })",
        nullable: false,
        description: "Image of the candidate, empty for none, and percentage of the primary service's requests that it receives.",
        validation: [
          {
            condition: `\${var.candidate_release.image == "" || (can(regex(${hclLiteral(IMAGE_PATTERN)}, var.candidate_release.image)) && can(regex(":[^/]*$", var.candidate_release.image)) && !endswith(lower(var.candidate_release.image), ":latest"))}`,
            errorMessage: "candidate_release.image must be empty, or have a registry and a tag or digest. The tag latest is rejected.",
          },
          {
            condition:
              '${var.candidate_release.percent >= 0 && var.candidate_release.percent < 100 && floor(var.candidate_release.percent) == var.candidate_release.percent && (var.candidate_release.percent == 0 || var.candidate_release.image != "")}',
            errorMessage: "candidate_release.percent must be a whole number from 0 to 99, and 0 without an image.",
          },
          ...(config.releaseInSteps
            ? []
            : [
                {
                  condition: '${var.candidate_release.image == ""}',
                  errorMessage:
                    "candidate_release.image has no effect: the configuration was synthesized without release_in_steps = true. Edit terraform.tfvars and run cdktf synth again.",
                },
              ]),
          ...imageValidations("candidate_release", '[for image in [var.candidate_release.image] : image if image != ""]', config),
        ],
      },
    );
    this.variable(
      "validation_release",
      { version: config.validationRelease.version, newest_percent: config.validationRelease.newestPercent },
      {
        type: "object({ version = string, newest_percent = number })",
        nullable: false,
        description:
          "Version of the validation function, empty for the newest, and percentage of calls that the newest version receives in addition.",
        validation: [
          {
            condition:
              '${can(regex("^[0-9]*$", var.validation_release.version)) && var.validation_release.newest_percent >= 0 && var.validation_release.newest_percent < 100}',
            errorMessage:
              "validation_release must contain a version in digits, or an empty version for the newest, and a percentage from 0 to 99.",
          },
        ],
      },
    );
    for (const key of Object.keys(schema.shape).filter((name) => !PLAN_KEYS.includes(name))) this.pinned(key, given[key]);
  }

  /** Values of a service that a release changes. @param region whose registry the image is pulled from, if it is in the private registry of the account */
  release({ name, isDefault, containerCommand, taskEnvironment }: ReleasedService, region: string): ReleaseValues {
    if (isDefault)
      return { image: this.localImage(this.containerImage, region), command: "var.container_command", environment: "var.task_environment" };
    return {
      image: this.localImage(Token.asString(Fn.lookupNested(this.serviceImages.value, [name])), region),
      command: hclLiteral(containerCommand),
      environment: hclLiteral(taskEnvironment),
    };
  }

  /** The image of the candidate in a region. Without a candidate, that of the primary service, which then runs in no task. */
  candidateImage(region: string): string {
    const { image } = this.candidate;
    const local = new TerraformLocal(this, "candidate-image", `\${${image} == "" ? var.container_image : ${image}}`);
    return this.localImage(local.asString, region);
  }

  private localImage(image: string, region: string): string {
    if (this.config.regions.length === 1) return image;
    const { pattern, replacement } = registryOf(region, registryAccounts(this.config));
    return Fn.replace(image, pattern, replacement);
  }

  /** A key that shapes the configuration. Any value other than the synthesized one fails the plan. */
  private pinned(key: string, value: unknown): void {
    const json = JSON.stringify(value ?? null);
    this.variable(key, value ?? null, {
      type: terraformType(schema.shape[key as keyof typeof schema.shape]),
      description: `Shapes the configuration. Synthesized with ${value === undefined ? "the value of the preset" : json}.`,
      validation: [
        {
          // Both sides use the same encoder, which sorts the keys.
          condition: `\${jsonencode(var.${key}) == jsonencode(jsondecode(${hclLiteral(json)}))}`,
          errorMessage: `${key} shapes the configuration, which was synthesized with another value. Edit terraform.tfvars and run cdktf synth again.`,
        },
      ],
    });
  }

  /** A variable with the name that `-var` and `-var-file` use. */
  private variable(key: string, value: unknown, config: TerraformVariableConfig): TerraformVariable {
    const variable = new TerraformVariable(this, key, config);
    variable.overrideLogicalId(key);
    // In the constructor, null is an error, and keys of maps would be converted to snake_case.
    // Terraform reads a default in JSON as literal text, without templates.
    variable.addOverride("default", value);
    return variable;
  }
}

/** `string` and `bool` for plain values, so that `-var key=value` needs no quotes; `any` for maps and lists. */
function terraformType(type: z.ZodType): string {
  const inner = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
  if (inner instanceof z.ZodString) return "string";
  return inner instanceof z.ZodBoolean ? "bool" : "any";
}
