import { z } from "zod";
import { flag, oneOf, strings } from "./builders";

export const network = z.strictObject({
  nat: oneOf(["per-az", "single"]).meta({
    about: "NAT gateways.",
    details: '"single" is for environments that may go down. About $0.045 an hour each.',
  }),
  interface_endpoints: flag.meta({
    about: "Private endpoints for ECR, CloudWatch Logs, Secrets Manager, SSM and KMS: tasks start and log without NAT.",
    details: "Where there are events or a validation, for EventBridge and Lambda too.",
  }),
  outbound_cidrs: strings("IPv4 ranges that tasks may reach over HTTPS; an empty list closes the way out", ["0.0.0.0/0"]).meta({
    about: "IPv4 ranges that tasks may reach over HTTPS.",
    details: "[] closes the way out: use it with interface_endpoints and images in ECR.",
  }),
  reserved_cidrs: strings("IPv4 ranges that the VPCs must leave free", ["10.8.0.0/16"]).meta({
    about: "IPv4 ranges that the VPCs must leave free, because they may be joined one day: offices, other VPCs.",
  }),
});
