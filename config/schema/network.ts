import { z } from "zod";
import { flag, oneOf, strings } from "./builders";

export const network = z.strictObject({
  nat: oneOf(["per-az", "single"]).meta({
    about: "NAT gateways: one in each zone, or a single one.",
    details: '"single" is for environments that need no zone redundancy. A NAT gateway costs about 0.045 USD an hour.',
  }),
  interface_endpoints: flag.meta({
    about: "Interface endpoints for ECR, CloudWatch Logs, Secrets Manager, SSM and KMS, so that tasks start and log without a NAT gateway.",
    details: "Also for EventBridge and Lambda, where events or validation are enabled.",
  }),
  endpoint_policies: flag.meta({
    about: "Policies of the VPC endpoints that permit requests of principals of this account only.",
    details:
      "They prevent credentials of another account from sending data through the VPC. Requests without credentials (public buckets of the region) and with a presigned URL of another account are denied too, except those for image layers of ECR.",
  }),
  outbound_cidrs: strings("IPv4 ranges that tasks may reach over HTTPS; an empty list blocks internet egress", ["0.0.0.0/0"]).meta({
    about: "IPv4 ranges that tasks may reach over HTTPS.",
    details:
      "[] blocks internet egress; it requires interface_endpoints, and images in the private registry (ECR) of the account, which excludes the default image.",
  }),
  reserved_cidrs: strings("IPv4 ranges that the VPCs must not use", ["10.8.0.0/16"]).meta({
    about: "IPv4 ranges that the VPCs must not use, for example of offices or of VPCs that may be peered later.",
  }),
});
