import { z } from "zod";
import { flag, text } from "./builders";

export const HOST_PATTERN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

export const dns = z.strictObject({
  zone_name: text(HOST_PATTERN, "the name of a public hosted zone", "standfast.test").meta({
    about: "A public hosted zone of Route 53. It must exist and be delegated, because ACM validates certificates in it.",
  }),
  zone_id: text(
    /^[A-Z0-9]{1,32}$/,
    "the id of that zone",
    "Z0123456789EXAMPLE",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/GetInfoAboutHostedZone.html",
  ).optional(),
  create_zone: flag.meta({
    about: "Whether to create the hosted zone. Then remove zone_id.",
    details: "The new zone is not delegated yet, so every region needs a certificate_arn.",
  }),
  service_name: text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/, "one label below the zone", "pay").meta({
    about: "DNS label of the service: pay.standfast.test.",
    details:
      "A change replaces the certificates. An ephemeral environment appends its suffix, pay-pr-42.standfast.test, so that several environments can share the hosted zone.",
  }),
  apex: flag.meta({
    about: "Whether standfast.test itself also resolves to the service.",
    details: "The record is an alias, which follows a failover up to 60 seconds later.",
  }),
});
