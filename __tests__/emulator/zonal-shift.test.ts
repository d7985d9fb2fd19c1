import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand, type StateValue } from "@aws-sdk/client-cloudwatch";
import { EC2Client, DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { performIn } from "../support/aws-calls";
import { describeSimulated } from "../support/cloud";
import { ONE_REGION } from "../support/config";
import { describeLifecycle } from "../support/deployment";
import { type Call, type Executed, execute } from "../support/state-machine";
import { performZonalShift } from "../support/zonal-shift-calls";

jest.setTimeout(3 * 60 * 60 * 1000);

const ZONE = "us-east-1b";

interface Managed {
  readonly ZonalShifts: readonly { readonly AwayFrom: string; readonly ZonalShiftId: string }[];
  readonly ZonalAutoshiftStatus: string;
  readonly PracticeRunConfiguration?: { readonly OutcomeAlarms: readonly { readonly AlarmIdentifier: string }[] };
}

// An account cannot be made to have an impaired zone.
describeSimulated("the zonal shift of a deployed region", () => {
  describeLifecycle("one region", "it-zs", ONE_REGION, (deployed) => {
    const place = () => ({ region: deployed().region });
    const alarmOf = (zone: string): string => deployed().names.of("cloudwatch_composite_alarm", `zone-${zone}-impaired`);
    let balancer = "";
    let targetGroup = "";
    const managed = async (): Promise<Managed> =>
      (await performZonalShift(deployed().region, "getManagedResource", { ResourceIdentifier: balancer })) as Managed;
    const setAlarm = (zone: string, StateValue: StateValue) =>
      new CloudWatchClient(place()).send(new SetAlarmStateCommand({ AlarmName: alarmOf(zone), StateValue, StateReason: "a test" }));
    const zoneId = async (zone: string): Promise<string> => {
      const { AvailabilityZones = [] } = await new EC2Client(place()).send(new DescribeAvailabilityZonesCommand({ ZoneNames: [zone] }));
      return AvailabilityZones[0]?.ZoneId ?? "";
    };

    /** Runs the state machine as it is deployed. @param after what happens after a call */
    const run = async (after: (call: Call) => Promise<unknown> = () => Promise.resolve()): Promise<Executed & { told: string[] }> => {
      const { parsed, stateMachineArn } = await deployed().runbook("zonal-shift");
      const perform = performIn(deployed().region);
      const executed = await execute(
        parsed,
        { alarmName: alarmOf(ZONE) },
        async (call) => {
          const answer = await perform(call);
          await after(call);
          return answer;
        },
        stateMachineArn,
      );
      const messages = executed.calls.filter(({ action }) => action === "sns:publish");
      return { ...executed, told: messages.map(({ parameters }) => String(parameters["Subject"]).split(":")[0] ?? "") };
    };

    describe("its load balancer", () => {
      beforeAll(async () => {
        const resources = await deployed().resources(deployed().region);
        const arnOf = (type: string): string => String(resources.find((resource) => resource.type === type)?.values["arn"]);
        balancer = arnOf("aws_lb");
        targetGroup = arnOf("aws_lb_target_group");
      });

      afterEach(async () => {
        for (const zone of ["us-east-1a", ZONE]) await setAlarm(zone, "OK");
        for (const { ZonalShiftId } of (await managed()).ZonalShifts)
          await performZonalShift(deployed().region, "cancelZonalShift", { ZonalShiftId });
      });

      it("has zonal autoshift enabled, with the alarm on the share of errors as the outcome alarm of practice runs", async () => {
        const { ZonalAutoshiftStatus, PracticeRunConfiguration } = await managed();
        expect(ZonalAutoshiftStatus).toBe("ENABLED");
        const { MetricAlarms = [] } = await new CloudWatchClient(place()).send(
          new DescribeAlarmsCommand({ AlarmNames: [deployed().names.of("cloudwatch_metric_alarm", "error-rate-high")] }),
        );
        expect(PracticeRunConfiguration?.OutcomeAlarms.map(({ AlarmIdentifier }) => AlarmIdentifier)).toEqual([MetricAlarms[0]?.AlarmArn]);
      });

      describe("with a zone that is worse than the others", () => {
        it("shifts its traffic away, and returns it when the alarm is OK", async () => {
          await setAlarm(ZONE, "ALARM");
          const during: string[] = [];
          const { failure, told } = await run(async ({ action }) => {
            if (action !== "arczonalshift:startZonalShift") return;
            during.push(...(await managed()).ZonalShifts.map(({ AwayFrom }) => AwayFrom));
            await setAlarm(ZONE, "OK");
          });
          expect({ failure, told }).toEqual({ failure: undefined, told: ["STARTED", "RETURNED", "DONE"] });
          expect(during).toEqual([await zoneId(ZONE)]);
          expect((await managed()).ZonalShifts).toEqual([]);
        });

        it("extends the shift up to the limit, and then leaves the decision to an operator", async () => {
          await setAlarm(ZONE, "ALARM");
          const { failure, told, calls } = await run();
          expect(failure).toBeUndefined();
          expect(told).toEqual(["STARTED", ...Array.from({ length: 11 }, () => "EXTENDED"), "DECISION NEEDED"]);
          expect(calls.filter(({ action }) => action === "arczonalshift:startZonalShift")).toHaveLength(1);
          expect((await managed()).ZonalShifts).toHaveLength(1);
        });

        it("notices that an operator has ended the shift, and ends", async () => {
          await setAlarm(ZONE, "ALARM");
          const { failure, told } = await run(async ({ action }) => {
            if (action !== "arczonalshift:startZonalShift") return;
            for (const { ZonalShiftId } of (await managed()).ZonalShifts)
              await performZonalShift(deployed().region, "cancelZonalShift", { ZonalShiftId });
          });
          expect({ failure, told }).toEqual({ failure: undefined, told: ["STARTED", "ENDED"] });
        });
      });

      describe("shifts nothing", () => {
        it("when the alarm is OK again", async () => {
          expect(await run()).toMatchObject({ failure: undefined, told: ["NOT SHIFTED"] });
        });

        it("while another zone has no traffic", async () => {
          await performZonalShift(deployed().region, "startZonalShift", {
            ResourceIdentifier: balancer,
            AwayFrom: await zoneId("us-east-1a"),
            ExpiresIn: "1h",
            Comment: "an operator",
          });
          await setAlarm(ZONE, "ALARM");
          expect(await run()).toMatchObject({ failure: undefined, told: ["NOT SHIFTED"] });
          expect((await managed()).ZonalShifts.map(({ AwayFrom }) => AwayFrom)).toEqual([await zoneId("us-east-1a")]);
        });

        it("while the other zones have too few targets", async () => {
          const balancing = new ElasticLoadBalancingV2Client(place());
          const { TargetHealthDescriptions = [] } = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }));
          const target = TargetHealthDescriptions.find(({ Target }) => Target?.AvailabilityZone === "us-east-1c")?.Target;
          const Targets = [{ Id: target?.Id, Port: target?.Port }];
          await balancing.send(new DeregisterTargetsCommand({ TargetGroupArn: targetGroup, Targets }));
          await setAlarm(ZONE, "ALARM");
          expect(await run()).toMatchObject({ failure: undefined, told: ["NOT SHIFTED"] });
          await balancing.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets }));
          expect((await managed()).ZonalShifts).toEqual([]);
        });
      });
    });
  });
});
