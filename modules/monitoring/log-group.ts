import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";

export interface LogGroupProps {
  /** Full name. Services that make their own group under a fixed name must find this one already there. */
  readonly name: string;
  readonly keyArn: string;
  /** Days after which events are deleted. */
  readonly retentionDays: number;
}

/** How the logs of a region are kept: what every module with a log must know. */
export interface LogSettings {
  /** Key of the log groups; its policy must let CloudWatch Logs in (`keyPolicyForLogs`). */
  readonly logKeyArn: string;
  /** Days after which events are deleted. */
  readonly logRetentionDays: number;
}

/** A log group that ends with the stack: encrypted, and with an end to what it keeps. */
export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { name, keyArn, retentionDays }: LogGroupProps) {
    super(scope, id);
    this.resource = new CloudwatchLogGroup(this, "group", { name, kmsKeyId: keyArn, retentionInDays: retentionDays });
    this.name = this.resource.name;
    this.arn = this.resource.arn;
  }
}
