import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";

export interface ExecProps extends LogSettings {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Encrypts the sessions between client and container. */
  readonly sessionKeyArn: string;
}

/** Where the sessions of ECS Exec in a cluster are recorded, and what a task needs for them. */
export class Exec {
  readonly keyArn: string;
  readonly logGroupName: string;
  private readonly logGroupArn: string;

  constructor(scope: Construct, { names, sessionKeyArn, logKeyArn, logRetentionDays }: ExecProps) {
    const log = new LogGroup(scope, "exec-log", { name: names.path("exec"), keyArn: logKeyArn, retentionDays: logRetentionDays });
    this.keyArn = sessionKeyArn;
    this.logGroupName = log.name;
    this.logGroupArn = log.arn;
  }

  /** Permissions of the task role. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
  permissions(): Statement[] {
    return [
      {
        Sid: "OpenSessionChannels",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        everyResourceBecause: "the actions of ssmmessages have no resource type",
      },
      {
        Sid: "FindSessionLog",
        Action: "logs:DescribeLogGroups",
        everyResourceBecause: "the agent lists the log groups to read the encryption of its own",
      },
      {
        Sid: "WriteSessionLog",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: `${this.logGroupArn}:*`,
      },
      { Sid: "EncryptSessions", Action: "kms:Decrypt", Resource: this.keyArn },
    ];
  }

  /**
   * Reports each session. EventBridge receives the call from CloudTrail: the account needs a trail with management events.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
   */
  report(scope: Construct, alerts: Alerts, cluster: { readonly name: string; readonly arn: string }): void {
    alerts.event(scope, "exec-session", {
      means: "A person opened a session in a container",
      clients: "no effect by itself; the session can change what the container does",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: {
          eventSource: ["ecs.amazonaws.com"],
          eventName: ["ExecuteCommand"],
          requestParameters: { cluster: [cluster.name, cluster.arn] },
        },
      },
      paths: { who: "$.detail.userIdentity.arn", task: "$.detail.requestParameters.task", address: "$.detail.sourceIPAddress" },
      sentence: "<who> opened a session in task <task> from <address>",
      runbook: "service.md#sessions",
    });
  }
}
