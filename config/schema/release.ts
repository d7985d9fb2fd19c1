import { z } from "zod";
import { environmentVariables, integer, text } from "./builders";

/** @see https://github.com/distribution/reference/blob/main/regexp.go */
export const IMAGE_PATTERN =
  "^[a-z0-9][a-z0-9._-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$";

const image = (example: string) => text(new RegExp(IMAGE_PATTERN), "an image with registry and tag or digest", example);

/** What a release changes at plan time. */
export const RELEASE = {
  container_image: image("public.ecr.aws/docker/library/caddy:2.10.2-alpine").meta({
    about: "Image of the container, with registry and tag or digest; never the tag latest.",
    details: "The default answers 200 on every path, so that the platform runs before your first release does. Changes roll the tasks.",
    plan: true,
  }),
  container_command: z.array(z.string()).meta({
    expected: "the command and its arguments; an empty list runs the image's own",
    about: "Command and arguments; [] runs the image's own.",
    details: "The default belongs to the default image.",
    plan: true,
  }),
  task_environment: environmentVariables().meta({
    about: "Environment variables of the container.",
    details: "No secrets: they can be read in the task definition.",
    example: { LOG_LEVEL: "info" },
    plan: true,
  }),
  service_images: z.record(z.string(), image("registry.bank.net/ledger:1.0.3")).meta({
    expected: "the image of each further service",
    about: "Images of further services, by their names.",
    example: { ledger: "registry.bank.net/ledger:1.0.3" },
    plan: true,
  }),
  validation_release: z
    .strictObject({
      version: text(/^\d*$/, 'a published version of the function, or "" for the newest', "12"),
      newest_percent: integer(0, 99, "percent"),
    })
    .meta({
      expected:
        '{ version = "" } for the newest, or { version = "12", newest_percent = 10 } to hold a version and send some calls to the newest',
      source: "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html",
      about: 'Which version of the function that validates payments is called: "" for the newest.',
      details:
        '{ version = "12", newest_percent = 10 } holds version 12 and sends a tenth of the calls to the newest; newest_percent = 0 rolls back.',
      plan: true,
    }),
};
