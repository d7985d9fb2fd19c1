import type { ITerraformDependable } from "cdktf";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { CertificateProps } from "./certificate";
import type { TargetGroupProps } from "./target-group";
import type { WebAclProps } from "./web-acl";

export interface LoadBalancerProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the VPC of its security group and its target groups. */
  readonly vpcId: string;
  /** Public subnets, one per zone. */
  readonly subnetIds: string[];
  /** IPv4 CIDR blocks of the allowed clients. */
  readonly allowedCidrs: readonly string[];
  /** Prefix lists of the region with ranges of further clients. @default - none */
  readonly clientPrefixListIds?: readonly string[] | undefined;
  /** Whether its addresses are private. Changing it replaces the load balancer. */
  readonly internal: boolean;
  /** Names of the certificate, and the hosted zone that validates them; or the ARN of an existing certificate. */
  readonly certificate: Omit<CertificateProps, "names"> | { readonly arn: string };
  /** TLS versions and ciphers. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
  readonly sslPolicy: string;
  /** The service that receives the requests that no listener rule routes. */
  readonly defaultService: RoutedService;
  /** Whether a second target group receives a share of these requests, during a release in steps. */
  readonly candidate: boolean;
  /** Zones. Every service must have a healthy target in each. */
  readonly zones: readonly string[];
  /** The objective: percentage of requests in 30 days without a server error. */
  readonly availabilityPercent: number;
  /** Maximum response time of 99 of 100 requests, in seconds. */
  readonly maxLatencySeconds: number;
  /** Health check of the tasks. Updated in place. */
  readonly healthCheck: TargetGroupProps["healthCheck"];
  /** Time for in-flight requests to complete when a target is deregistered. */
  readonly deregistrationDelaySeconds: number;
  /** Seconds after which an idle connection is closed. Updated in place. */
  readonly idleTimeoutSeconds: number;
  /** Maximum duration of a client connection. Short, so that clients resolve the name again and leave a lost zone. */
  readonly clientKeepAliveSeconds: number;
  /** Bucket in this region to which load balancers may write. */
  readonly accessLogs: { readonly bucketName: string; readonly writable: ITerraformDependable };
  /** Whether AWS rejects the deletion of the load balancer. Updated in place. */
  readonly deletionProtection: boolean;
  /** The internet gateway of the VPC. */
  readonly internetReady: ITerraformDependable;
  /** AWS WAF with managed rules, and the settings of its log. @default - no WAF */
  readonly waf?: Omit<WebAclProps, "names" | "loadBalancerArn" | "alerts">;
  /** Whether alarms fire when requests or latency are outside the expected band of CloudWatch anomaly detection. */
  readonly anomalyDetection: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** A service that receives requests. */
export interface RoutedService extends Pick<TargetGroupProps, "port" | "protocol" | "expectedTargets"> {
  readonly name: string;
}
