import { z } from "zod";
import { environmentVariables, flag, integer, text } from "./builders";

/** @see https://github.com/distribution/reference/blob/main/regexp.go */
export const IMAGE_PATTERN =
  "^[a-z0-9][a-z0-9._-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$";

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
export const MAX_IMAGE_LENGTH = 255;

/** An image with registry and tag or digest. */
export const image = (example: string) =>
  text(new RegExp(IMAGE_PATTERN), "an image with registry and tag or digest, of up to 255 characters", example).max(MAX_IMAGE_LENGTH);

/** Values that a release changes at plan time. */
export const RELEASE = {
  container_image: image("public.ecr.aws/docker/library/caddy:2.10.2-alpine").meta({
    about: "Container image with registry and tag or digest. The tag latest is rejected.",
    details:
      "The default image returns 200 on every path, so that the platform runs before your first release. A change replaces the tasks in a rolling deployment. Of a private registry (ECR), tasks may pull only the images of their account; with several regions, each pulls from the registry of its own region, to which the repository is replicated.",
    plan: true,
  }),
  container_command: z.array(z.string()).meta({
    expected: "the command and its arguments; an empty list runs the command of the image",
    about: "Command and arguments of the container. [] runs the command of the image.",
    details: "The default is for the default image.",
    plan: true,
  }),
  task_environment: environmentVariables().meta({
    about: "Environment variables of the container.",
    details: "Do not put secrets here: they are readable in the task definition.",
    example: { LOG_LEVEL: "info" },
    plan: true,
  }),
  service_images: z.record(z.string(), image("registry.bank.net/ledger:1.0.3")).meta({
    expected: "the image of each additional service",
    about: "Images of the additional services, by service name.",
    example: { ledger: "registry.bank.net/ledger:1.0.3" },
    plan: true,
  }),
  release_in_steps: flag.meta({
    about: "A second ECS service beside the primary service, which runs the image of candidate_release for a share of the requests.",
    details:
      "It has no tasks while candidate_release has no image; with one, it runs the highest number of tasks of the primary service, and does not scale. docs/release.md#a-release-in-steps has the commands. Turning it off DELETES ITS LOGS.",
  }),
  candidate_release: z
    .strictObject({
      image: z
        .union([z.literal(""), image("registry.bank.net/payments:1.5.0")])
        .meta({ expected: 'an image with registry and tag or digest, or "" for none', example: "registry.bank.net/payments:1.5.0" }),
      percent: integer(0, 99, "percent"),
    })
    .meta({
      expected: '{ image = "", percent = 0 } without a candidate, or { image = "registry.bank.net/payments:1.5.0", percent = 10 }',
      source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html",
      about: "Image of the candidate, and the percentage of the primary service's requests that it receives.",
      details: "With percent = 0, its tasks start and receive no requests.",
      plan: true,
    }),
  validation_release: z
    .strictObject({
      version: text(/^\d*$/, 'a published version of the function, or "" for the newest', "12"),
      newest_percent: integer(0, 99, "percent"),
    })
    .meta({
      expected:
        '{ version = "" } for the newest version, or { version = "12", newest_percent = 10 } to pin a version and send a percentage of the calls to the newest',
      source: "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html",
      about: 'Version of the validation function that receives the calls. "" is the newest version.',
      details:
        '{ version = "12", newest_percent = 10 } pins version 12 and sends 10 percent of the calls to the newest version. newest_percent = 0 rolls back.',
      plan: true,
    }),
};
