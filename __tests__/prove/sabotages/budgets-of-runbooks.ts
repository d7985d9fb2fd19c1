import { edited, ref, replaced, type Sabotage, to } from "./sabotage";

const TAKEOVER = /^region-takeover_runbook_machine$/;

type State = Record<string, unknown> & { Branches?: { States: Record<string, State> }[] };

/** Changes a state of a machine, wherever it is. */
const state = (name: string, change: (values: State, all: Record<string, State>) => void) =>
  edited((document) => {
    const visit = (states: Record<string, State>): void => {
      for (const [key, values] of Object.entries(states)) {
        if (key === name) change(values, states);
        for (const branch of values.Branches ?? []) visit(branch.States);
      }
    };
    visit(document["States"] as Record<string, State>);
  });

export const RUNBOOK_SABOTAGES: readonly Sabotage[] = [
  {
    claim: "F7",
    type: "aws_sfn_state_machine",
    id: TAKEOVER,
    path: "definition",
    becomes: state("WaitForPromotion", (values) => (values["Seconds"] = 300)),
  },
  {
    claim: "F7",
    type: "aws_sfn_state_machine",
    id: TAKEOVER,
    path: "definition",
    becomes: state("WaitForPromotion", (values) => {
      values["Type"] = "Pass";
      delete values["Seconds"];
    }),
  },
  {
    claim: "F7",
    type: "aws_sfn_state_machine",
    id: TAKEOVER,
    path: "definition",
    becomes: state("FenceOthers", (_, all) => {
      all["CheckFenced"] = { Type: "Wait", Seconds: 600, Next: "PromoteAndScale" };
    }),
  },
  {
    claim: "F7",
    type: "aws_sfn_state_machine",
    id: TAKEOVER,
    path: "definition",
    becomes: state("WaitForPromotion", (values) => {
      delete values["Seconds"];
      values["SecondsPath"] = "$.seconds";
    }),
  },
  {
    claim: "F9",
    type: "aws_sfn_state_machine",
    id: /^zonal-shift_runbook_machine$/,
    path: "definition",
    becomes: state("WaitUntilSettled", (values) => (values["Seconds"] = 600)),
  },
  {
    claim: "F9",
    type: "aws_sfn_state_machine",
    id: /^zonal-shift_runbook_machine$/,
    path: "definition",
    becomes: state("StartShift", (values) => delete values["TimeoutSeconds"]),
  },
  { claim: "F9", type: "aws_cloudwatch_metric_alarm", id: /alarm-zone-latency-us-east-1a$/, path: "datapoints_to_alarm", becomes: to(5) },
  {
    claim: "F9",
    type: "aws_cloudwatch_event_rule",
    id: /^zonal-shift_impaired$/,
    path: "event_pattern",
    becomes: replaced("composite-zone-us-east-1a-impaired", "composite-zone-us-east-1x-impaired"),
  },
  {
    claim: "F9",
    type: "aws_cloudwatch_event_target",
    id: /^zonal-shift_impaired-to-runbook$/,
    path: "arn",
    becomes: ref("aws_sfn_state_machine", /^health-check_runbook_machine$/, "arn"),
  },
  { claim: "F9", type: "aws_cloudwatch_event_rule", id: /^zonal-shift_impaired$/, path: "state", becomes: to("DISABLED") },
];
