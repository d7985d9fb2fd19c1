/** One message of the alerts' topic, as the endpoints need it. */
export interface Alert {
  /** The same for the beginning and the end of one fault. */
  readonly key: string;
  readonly summary: string;
  /** `info` is news, no fault: nobody is woken for it. */
  readonly severity: "critical" | "warning" | "info";
  /** Whether the fault is over. */
  readonly over: boolean;
  readonly text: string;
}

/** What SNS hands to a function, as far as it is read. */
export interface Notification {
  readonly MessageId: string;
  readonly Subject?: string | null;
  readonly Message: string;
}

/** What CloudWatch writes of an alarm, as far as it is read. */
interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
}

/** Longest summary that PagerDuty takes. */
const MAX_SUMMARY = 1024;

/** Reads a message: CloudWatch writes JSON, everybody else of the platform a sentence. */
export function read({ MessageId, Subject, Message }: Notification): Alert {
  const content = parse(Message);
  if (isAlarm(content)) {
    const { AlarmName, AlarmDescription = "", NewStateValue, NewStateReason = "" } = content;
    return {
      key: AlarmName,
      summary: `${NewStateValue}: ${AlarmName}`,
      severity: severityOf(AlarmDescription),
      over: NewStateValue === "OK",
      text: `${AlarmDescription}\n${NewStateReason}`.trim(),
    };
  }
  const text = typeof content === "string" ? content : Message;
  return { key: MessageId, summary: (Subject ?? text).slice(0, MAX_SUMMARY), severity: severityOf(text), over: false, text };
}

/** What is said to be neither a warning nor news is critical: rather once too often than once too late. */
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
