import { describe, expect, it } from "@jest/globals";
import { identifier, setPostgresqlUser } from "../../../modules/database/set-service-user/postgresql";
import type { Row } from "../../../modules/database/set-service-user/session";
import { FakeSession } from "./fake-session";

const USER = { name: "standfast_service", database: "payments", password: "correct-horse-battery", schemaChanges: false };
const NONE = { superuser: false, createrole: false, createdb: false, replication: false, bypassrls: false };

interface Server {
  readonly version?: string;
  readonly standby?: boolean;
  readonly roles?: readonly string[];
  /** Members, as "role of member". */
  readonly members?: readonly string[];
  readonly attributes?: Readonly<Record<string, boolean>>;
  readonly allRoles?: readonly string[];
  readonly failing?: RegExp;
}

function server({
  version = "150000",
  standby = false,
  roles = [],
  members = [],
  attributes = NONE,
  allRoles = [USER.name],
  failing,
}: Server = {}) {
  const one: readonly Row[] = [{}];
  return new FakeSession([
    ...(failing ? [[failing, new Error("canceling statement due to lock timeout")] as const] : []),
    [/pg_is_in_recovery/, [{ standby, version }]],
    ...roles.map((role) => [new RegExp(`FROM pg_roles WHERE rolname = '${role}'$`), one] as const),
    ...members.map((pair) => {
      const [role = "", member = ""] = pair.split(" of ");
      return [new RegExp(`pg_auth_members .*'${role}'.*'${member}'`), one] as const;
    }),
    [/rolsuper/, [attributes]],
    [/'MEMBER'/, allRoles.map((name) => ({ name }))],
    [/FROM pg_database .*pg_has_role/, [{ name: "postgres" }]],
    [
      /FROM pg_namespace n WHERE \(nspname/,
      [
        { name: "ledger", own: true },
        { name: "public", own: false },
      ],
    ],
    [
      /nspname = 'ledger'/,
      [
        { kind: "TABLE", granted: "TABLE", name: "ledger.entries", movable: true },
        { kind: "SEQUENCE", granted: "SEQUENCE", name: "ledger.entries_id_seq", movable: false },
        { kind: "FUNCTION", granted: null, name: "ledger.balance(integer)", movable: true },
      ],
    ],
  ]);
}

describe("a new user of Aurora PostgreSQL", () => {
  it("reads and writes the rows of its database, present and future, and nothing else", async () => {
    const session = server();
    await setPostgresqlUser(session, USER);
    expect(session.changes().map((statement) => statement.replace(/SCRAM-SHA-256[^']*/, "VERIFIER"))).toEqual([
      "BEGIN TRANSACTION",
      "SET LOCAL lock_timeout = '5s'",
      'CREATE ROLE "standfast_service"',
      `ALTER ROLE "standfast_service" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE PASSWORD 'VERIFIER'`,
      'ALTER ROLE "standfast_service" RESET role',
      'REVOKE CONNECT, TEMPORARY ON DATABASE "postgres" FROM PUBLIC',
      'GRANT CONNECT, TEMPORARY ON DATABASE "payments" TO "standfast_service"',
      'REVOKE CREATE ON SCHEMA "ledger" FROM PUBLIC',
      'GRANT USAGE ON SCHEMA "ledger" TO "standfast_service"',
      'REVOKE CREATE ON SCHEMA "ledger" FROM "standfast_service"',
      'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE ledger.entries TO "standfast_service"',
      'ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA "ledger" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "standfast_service"',
      'GRANT USAGE, SELECT, UPDATE ON SEQUENCE ledger.entries_id_seq TO "standfast_service"',
      'ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA "ledger" GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO "standfast_service"',
      'ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA "public" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "standfast_service"',
      'ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA "public" GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO "standfast_service"',
      "COMMIT TRANSACTION",
    ]);
  });

  it("has its password in no statement: the log of the database could contain it", async () => {
    const session = server();
    await setPostgresqlUser(session, USER);
    expect(session.statements.join("\n")).not.toContain(USER.password);
    expect(session.statements.join("\n")).toContain("PASSWORD 'SCRAM-SHA-256$4096:");
  });

  it("is a member of the owner of the tables with schema changes, and so is the master user", async () => {
    const session = server({ allRoles: [USER.name, "standfast_schema_owner"] });
    await setPostgresqlUser(session, { ...USER, schemaChanges: true });
    const changes = session.changes();
    expect(changes).toEqual(
      expect.arrayContaining([
        'CREATE ROLE "standfast_schema_owner" NOLOGIN',
        'GRANT "standfast_schema_owner" TO CURRENT_USER',
        'GRANT "standfast_schema_owner" TO "standfast_service"',
        `ALTER ROLE "standfast_service" SET role = 'standfast_schema_owner'`,
        'GRANT USAGE, CREATE ON SCHEMA "ledger" TO "standfast_schema_owner"',
        'ALTER TABLE ledger.entries OWNER TO "standfast_schema_owner"',
        'ALTER FUNCTION ledger.balance(integer) OWNER TO "standfast_schema_owner"',
        'ALTER DEFAULT PRIVILEGES FOR ROLE "standfast_schema_owner" IN SCHEMA "ledger" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "standfast_service"',
      ]),
    );
    // The sequence of a column follows its table.
    expect(changes.filter((change) => change.startsWith("ALTER SEQUENCE"))).toEqual([]);
  });

  it("inherits the rights of the owner in PostgreSQL 16, where a membership does not imply them", async () => {
    const session = server({ version: "160008", allRoles: [USER.name, "standfast_schema_owner"] });
    await setPostgresqlUser(session, { ...USER, schemaChanges: true });
    expect(session.changes()).toContain('GRANT "standfast_schema_owner" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE');
  });

  it("has no password with IAM authentication", async () => {
    const session = server({ allRoles: [USER.name, "rds_iam"] });
    await setPostgresqlUser(session, { ...USER, password: undefined });
    expect(session.changes()).toEqual(
      expect.arrayContaining([
        'ALTER ROLE "standfast_service" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE PASSWORD NULL',
        'GRANT rds_iam TO "standfast_service"',
      ]),
    );
  });
});

describe("a user of Aurora PostgreSQL that exists", () => {
  it("is not created again, and loses what is no longer configured", async () => {
    const session = server({
      roles: [USER.name, "standfast_schema_owner"],
      members: ["rds_iam of standfast_service", "standfast_schema_owner of standfast_service"],
    });
    await setPostgresqlUser(session, USER);
    const changes = session.changes();
    expect(changes.filter((change) => change.startsWith("CREATE"))).toEqual([]);
    expect(changes).toEqual(
      expect.arrayContaining([
        'REVOKE rds_iam FROM "standfast_service"',
        'REVOKE "standfast_schema_owner" FROM "standfast_service"',
        'ALTER ROLE "standfast_service" RESET role',
      ]),
    );
  });

  it.each([
    ["an attribute", { attributes: { ...NONE, createdb: true } }, "createdb"],
    ["a role", { allRoles: [USER.name, "rds_superuser"] }, "rds_superuser"],
    ["IAM authentication from another role", { allRoles: [USER.name, "rds_iam"] }, "rds_iam"],
    ["the owner from another role", { allRoles: [USER.name, "standfast_schema_owner"] }, "standfast_schema_owner"],
  ])("is not used with more rights than configured: %s", async (_, more, names) => {
    const session = server(more);
    await expect(setPostgresqlUser(session, USER)).rejects.toThrow(
      `The user standfast_service would have more rights than the services need: ${names}. Revoke them, then apply again.`,
    );
    expect(session.changes().at(-1)).toBe("ROLLBACK TRANSACTION");
  });
});

describe("nothing is changed", () => {
  it("on a cluster that is not the writer", async () => {
    const session = server({ standby: true });
    await expect(setPostgresqlUser(session, USER)).rejects.toThrow(
      /is not the writer.*Switch the roles back with the runbook region-takeover/,
    );
    expect(session.changes()).toEqual([]);
  });

  it("when a statement fails", async () => {
    const session = server({ failing: /^GRANT SELECT/ });
    await expect(setPostgresqlUser(session, USER)).rejects.toThrow("canceling statement due to lock timeout");
    expect(session.changes().at(-1)).toBe("ROLLBACK TRANSACTION");
    expect(session.changes()).not.toContain("COMMIT TRANSACTION");
  });
});

describe("an identifier", () => {
  it("is quoted", () => {
    expect(identifier('a"; DROP TABLE ledger; --')).toBe('"a""; DROP TABLE ledger; --"');
  });
});
