import { z } from "zod";
import { flag, text } from "./builders";

export const HOST_PATTERN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

export const dns = z.strictObject({
  zone_name: text(HOST_PATTERN, "the name of a public hosted zone", "standfast.test").meta({
    about: "A public hosted zone that exists in Route 53 and is delegated: certificates are proven in it.",
  }),
  zone_id: text(
    /^[A-Z0-9]{1,32}$/,
    "the id of that zone",
    "Z0123456789EXAMPLE",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/GetInfoAboutHostedZone.html",
  ).optional(),
  create_zone: flag.meta({
    about: "true makes the zone instead (then without zone_id).",
    details: "It is not delegated at that moment, so every region needs a certificate_arn.",
  }),
  service_name: text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/, "one label below the zone", "pay").meta({
    about: "The service answers under this label: pay.standfast.test.",
    details:
      "Changing it replaces the certificates. An ephemeral environment adds its suffix, pay-pr-42.standfast.test: many of them may share the zone.",
  }),
  apex: flag.meta({
    about: "Whether standfast.test itself leads to the service too.",
    details: "Only an alias can stand there: it follows a failover within 60 seconds more.",
  }),
});
