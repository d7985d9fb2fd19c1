/** One message of the alerts topic, in the format of the endpoints. */
export interface Alert {
  /** The same for the ALARM and the OK of one alarm. */
  readonly key: string;
  readonly summary: string;
  /** `info` reports no failure and opens no incident. */
  readonly severity: "critical" | "warning" | "info";
  /** Whether the alarm returned to OK. */
  readonly over: boolean;
  readonly text: string;
}

/** Notification that SNS passes to a function: only the fields that are used. */
export interface Notification {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string | null;
  readonly Message: string;
}

/** State change of an alarm that CloudWatch publishes: only the fields that are used. */
interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
  readonly StateChangeTime?: string;
}

/** Maximum length of a PagerDuty summary. */
const MAX_SUMMARY = 1024;

/** Converts a message. CloudWatch publishes JSON, all other publishers of the platform a sentence. */
export function toAlert({ MessageId, Subject, Message }: Omit<Notification, "TopicArn">): Alert {
  const content = parse(Message);
  if (isAlarm(content)) {
    const { AlarmName, AlarmDescription = "", NewStateValue, NewStateReason = "", StateChangeTime } = content;
    return {
      key: AlarmName,
      summary: `${NewStateValue}: ${AlarmName}`,
      severity: severityOf(AlarmDescription),
      over: NewStateValue === "OK",
      text: [AlarmDescription, ...(StateChangeTime === undefined ? [] : [`Since: ${StateChangeTime}`]), NewStateReason].join("\n").trim(),
    };
  }
  const text = typeof content === "string" ? content : Message;
  return { key: MessageId, summary: (Subject ?? text).slice(0, MAX_SUMMARY), severity: severityOf(text), over: false, text };
}

/** A text without a known severity is critical, so that no alert is missed. */
function severityOf(text: string): Alert["severity"] {
  if (text.startsWith("INFO:")) return "info";
  return text.startsWith("WARNING:") ? "warning" : "critical";
}

function isAlarm(content: unknown): content is Alarm {
  return typeof content === "object" && content !== null && "AlarmName" in content && "NewStateValue" in content;
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return message;
  }
}
