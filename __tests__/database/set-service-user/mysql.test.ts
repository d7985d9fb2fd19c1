import { describe, expect, it } from "@jest/globals";
import { identifier, setMysqlUser } from "../../../modules/database/set-service-user/mysql";
import { FakeSession } from "./fake-session";

const USER = { name: "standfast_service", database: "pay_ments", password: "correct-horse-battery", schemaChanges: false };
const ACCOUNT = "'standfast_service'@'%'";
const ROWS = "SELECT, INSERT, UPDATE, DELETE, EXECUTE, SHOW VIEW, LOCK TABLES, CREATE TEMPORARY TABLES";
const USAGE = "GRANT USAGE ON *.* TO `standfast_service`@`%`";
const OWN = `GRANT ${ROWS} ON \`pay\\_ments\`.* TO \`standfast_service\`@\`%\``;

interface Server {
  readonly standby?: number;
  readonly partialRevokes?: string;
  readonly privileges?: readonly string[];
  readonly grants?: readonly string[];
}

const server = ({ standby = 0, partialRevokes, privileges = [], grants = [USAGE, OWN] }: Server = {}) =>
  new FakeSession([
    [/innodb_read_only/, [{ standby }]],
    [/partial_revokes/, partialRevokes === undefined ? [] : [{ Variable_name: "partial_revokes", Value: partialRevokes }]],
    [/schema_privileges/, privileges.map((privilege) => ({ privilege }))],
    [/^SHOW GRANTS/, grants.map((grant) => ({ "Grants for standfast_service@%": grant }))],
  ]);

describe("a user of Aurora MySQL", () => {
  it("reads and writes the rows of its database and of none with a similar name, over TLS", async () => {
    const session = server();
    await setMysqlUser(session, USER);
    const identified = "IDENTIFIED WITH mysql_native_password AS 'HASH' REQUIRE SSL";
    expect(session.changes().map((statement) => statement.replace(/\*[0-9A-F]{40}/, "HASH"))).toEqual([
      `CREATE USER IF NOT EXISTS ${ACCOUNT} ${identified}`,
      `ALTER USER ${ACCOUNT} ${identified} ACCOUNT UNLOCK`,
      `GRANT ${ROWS} ON \`pay\\_ments\`.* TO ${ACCOUNT}`,
    ]);
  });

  it("has its password in no statement: the audit log could contain it", async () => {
    const session = server();
    await setMysqlUser(session, { ...USER, password: "password" });
    expect(session.statements.join("\n")).not.toContain("'password'");
    // The documented hash of PASSWORD('password').
    expect(session.statements.join("\n")).toContain("'*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'");
  });

  it("has the whole name where the server has no patterns in grants", async () => {
    const session = server({ partialRevokes: "ON", grants: [USAGE, OWN.replace("\\_", "_")] });
    await setMysqlUser(session, USER);
    expect(session.changes().at(-1)).toBe(`GRANT ${ROWS} ON \`pay_ments\`.* TO ${ACCOUNT}`);
  });

  it("changes the schema only if configured, and loses this right again", async () => {
    const changing = server();
    await setMysqlUser(changing, { ...USER, schemaChanges: true });
    expect(changing.changes().at(-1)).toBe(
      `GRANT ${ROWS}, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, TRIGGER, CREATE ROUTINE, ALTER ROUTINE ON \`pay\\_ments\`.* TO ${ACCOUNT}`,
    );
    const again = server({ privileges: ["SELECT", "CREATE", "DROP"] });
    await setMysqlUser(again, USER);
    expect(again.changes()).toContain(`REVOKE CREATE, DROP ON \`pay\\_ments\`.* FROM ${ACCOUNT}`);
  });

  it("authenticates with IAM, without a password", async () => {
    const session = server();
    await setMysqlUser(session, { ...USER, password: undefined });
    expect(session.changes()[1]).toBe(`ALTER USER ${ACCOUNT} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL ACCOUNT UNLOCK`);
  });

  it.each([
    ["on all databases", "GRANT SELECT ON *.* TO `standfast_service`@`%`"],
    ["on another database", "GRANT SELECT ON `mysql`.* TO `standfast_service`@`%`"],
    ["of a role", "GRANT `rds_superuser_role`@`%` TO `standfast_service`@`%`"],
    ["to grant its own", `${OWN} WITH GRANT OPTION`],
  ])("is not used with rights %s", async (_, grant) => {
    await expect(setMysqlUser(server({ grants: [USAGE, grant] }), USER)).rejects.toThrow(
      `The user standfast_service has more rights than the services need: ${grant}. Revoke them, then apply again.`,
    );
  });

  it("has no hash in a message", async () => {
    const grant =
      "GRANT ALL PRIVILEGES ON *.* TO `standfast_service`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'";
    await expect(setMysqlUser(server({ grants: [grant] }), USER)).rejects.toThrow(
      /need: GRANT ALL PRIVILEGES ON \*\.\* TO `standfast_service`@`%`\. Revoke/,
    );
  });

  it("is not changed on a cluster that is not the writer", async () => {
    const session = server({ standby: 1 });
    await expect(setMysqlUser(session, USER)).rejects.toThrow(/is not the writer/);
    expect(session.changes()).toEqual([]);
  });
});

describe("an identifier", () => {
  it("is quoted", () => {
    expect(identifier("a`; DROP TABLE ledger; --")).toBe("`a``; DROP TABLE ledger; --`");
  });
});
