import { describe, expect, it, jest } from "@jest/globals";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as rds from "@aws-sdk/client-rds";
import { describeEmulator } from "../support/describe-emulator";

jest.setTimeout(120_000);

/** Changes that AWS rejects, and that a plan cannot foresee. */
describeEmulator("the emulator rejects, as AWS does,", (client) => {
  it("the deletion of an alarm that a composite alarm names, and a composite alarm of an alarm that does not exist", async () => {
    const alarms = new cloudwatch.CloudWatchClient(client("us-east-1"));
    const composite = (AlarmRule: string) => alarms.send(new cloudwatch.PutCompositeAlarmCommand({ AlarmName: "all", AlarmRule }));
    await expect(composite('ALARM("one")')).rejects.toThrow("in the alarm rule do not exist");
    await alarms.send(
      new cloudwatch.PutMetricAlarmCommand({
        AlarmName: "one",
        Namespace: "AWS/RDS",
        MetricName: "EngineUptime",
        Statistic: "Minimum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "LessThanThreshold",
      }),
    );
    await composite('ALARM("one")');
    const remove = (...AlarmNames: string[]) => alarms.send(new cloudwatch.DeleteAlarmsCommand({ AlarmNames }));
    await expect(remove("one")).rejects.toThrow("Cannot delete one as there are composite alarm(s) depending on it.");
    await remove("all");
    await remove("one");
  });

  describe("an upgrade", () => {
    const user = { MasterUsername: "root", MasterUserPassword: "not-a-secret" };
    const database = (region = "us-east-1") => new rds.RDSClient(client(region));
    const upgrade = (DBClusterIdentifier: string, EngineVersion: string, others: object = {}, region?: string) =>
      database(region).send(new rds.ModifyDBClusterCommand({ DBClusterIdentifier, EngineVersion, ApplyImmediately: true, ...others }));
    const createCluster = (DBClusterIdentifier: string, EngineVersion: string, others: object = {}, region?: string) =>
      database(region).send(
        new rds.CreateDBClusterCommand({
          DBClusterIdentifier,
          Engine: EngineVersion.includes("mysql") ? "aurora-mysql" : "aurora-postgresql",
          EngineVersion,
          ...others,
        }),
      );
    const createGroup = (version: string) =>
      database().send(
        new rds.CreateDBParameterGroupCommand({
          DBParameterGroupName: `own-${version}`,
          DBParameterGroupFamily: `aurora-postgresql${version}`,
          Description: "own",
        }),
      );

    it("to a major version without the permission for it, without a parameter group of it, or back", async () => {
      await createCluster("alone", "16.8", user);
      await createGroup("16");
      await createGroup("17");
      const instance = { DBInstanceIdentifier: "alone-1", DBInstanceClass: "db.r6g.large", Engine: "aurora-postgresql" };
      await database().send(new rds.CreateDBInstanceCommand({ ...instance, DBClusterIdentifier: "alone", DBParameterGroupName: "own-16" }));
      const allowed = { AllowMajorVersionUpgrade: true };
      await expect(upgrade("alone", "17.7")).rejects.toThrow("The AllowMajorVersionUpgrade flag must be present");
      await expect(upgrade("alone", "17.7", allowed)).rejects.toThrow("You must explicitly specify a new DB instance parameter group");
      await expect(upgrade("alone", "17.7", { ...allowed, DBInstanceParameterGroupName: "own-16" })).rejects.toThrow("is of family");
      await expect(upgrade("alone", "16.13", { DBInstanceParameterGroupName: "own-16" })).rejects.toThrow(
        "db-instance-parameter-group-name can only be specified for a major",
      );
      const remove = (version: string) =>
        database().send(new rds.DeleteDBParameterGroupCommand({ DBParameterGroupName: `own-${version}` }));
      await expect(remove("16")).rejects.toThrow("still members of this parameter group");
      await upgrade("alone", "17.7", { ...allowed, DBInstanceParameterGroupName: "own-17" });
      await remove("16");
      await expect(upgrade("alone", "16.8")).rejects.toThrow("Cannot upgrade aurora-postgresql from 17.7 to 16.8");
    });

    it("of a member of a global database in the wrong order or to a major version, and of MySQL through the global database", async () => {
      const version = "8.0.mysql_aurora.3.08.0";
      const newer = "8.0.mysql_aurora.3.10.4";
      const global = { GlobalClusterIdentifier: "pair" };
      await database().send(new rds.CreateGlobalClusterCommand({ ...global, Engine: "aurora-mysql", EngineVersion: version }));
      await createCluster("east", version, { ...global, ...user });
      await createCluster("west", version, global, "us-west-2");
      await expect(upgrade("east", newer)).rejects.toThrow("Please upgrade global replicas first.");
      await expect(
        database().send(new rds.ModifyGlobalClusterCommand({ ...global, EngineVersion: newer, AllowMajorVersionUpgrade: true })),
      ).rejects.toThrow("can't perform minor version upgrades through ModifyGlobalCluster");
      await upgrade("west", newer, {}, "us-west-2");
      await upgrade("east", newer);
      await expect(upgrade("west", "8.4.mysql_aurora.8.4.0", { AllowMajorVersionUpgrade: true }, "us-west-2")).rejects.toThrow(
        "Major Version Upgrade isn't supported in a single member of a global cluster.",
      );
    });
  });
});
