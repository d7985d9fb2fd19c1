import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";

export interface LogGroupProps {
  /** Full name. Services that would create a group with a fixed name must find this one. */
  readonly name: string;
  /** ARN of the KMS key. Its policy must allow CloudWatch Logs (`keyPolicyForLogs`). */
  readonly keyArn: string;
  /** Days after which events are deleted. */
  readonly retentionDays: number;
}

/** Encryption and retention of the logs of a region. */
export interface LogSettings {
  /** Key of the log groups. Its policy must allow CloudWatch Logs (`keyPolicyForLogs`). */
  readonly logKeyArn: string;
  /** Days after which events are deleted. */
  readonly logRetentionDays: number;
}

/** An encrypted log group with a retention. It is deleted with its stack. */
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
