import { ownObjects } from "./postgresql-objects";
import { scramVerifier } from "./scram";
import { notTheWriter, type ServiceUser, type Session, UserError } from "./session";

/** The role that owns the tables while the user may change them. The master user is a member of it too, so both can. */
const OWNER = "standfast_schema_owner";
/** AWS authenticates the members of this role with IAM, and no longer with a password. */
const IAM_ROLE = "rds_iam";
/** A table that a long transaction uses must not block the apply, and the queue behind the lock must not block payments. */
const LOCK_TIMEOUT = "5s";
const PG_16 = 160000;

/**
 * Creates the user, or changes it to what the configuration says, in one transaction: rights to read and write the rows of the schemas
 * of its database, and with `schemaChanges` membership in the role that owns them.
 * @throws {UserError} when the session is not on the writer, or the user has rights beyond these
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
 */
export async function setPostgresqlUser(session: Session, user: ServiceUser): Promise<void> {
  const [server] = await session.query("SELECT pg_is_in_recovery() AS standby, current_setting('server_version_num') AS version");
  if (server?.["standby"] === true) throw notTheWriter();
  const hasOptions = Number(server?.["version"]) >= PG_16;
  await session.query("BEGIN TRANSACTION");
  try {
    await session.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await setRole(session, user);
    await setOwnership(session, user, hasOptions);
    await setDatabases(session, user);
    await setSchemas(session, user);
    await verify(session, user);
    await session.query("COMMIT TRANSACTION");
  } catch (error) {
    await session.query("ROLLBACK TRANSACTION");
    throw error;
  }
}

/** Takes IAM authentication from the user again, outside the transaction. */
export async function revokeIam(session: Session, { name }: ServiceUser): Promise<void> {
  await session.query(`REVOKE ${IAM_ROLE} FROM ${identifier(name)}`);
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  if (text.includes("\\")) throw new UserError("a text with a backslash is not a literal of standard SQL");
  return `'${text.replaceAll("'", "''")}'`;
}

async function exists(session: Session, role: string): Promise<boolean> {
  return (await session.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role])).length > 0;
}

/** Whether the role itself is a member, not through another role. */
async function isMember(session: Session, role: string, member: string): Promise<boolean> {
  const rows = await session.query(
    "SELECT 1 FROM pg_auth_members WHERE roleid = (SELECT oid FROM pg_roles WHERE rolname = $1) AND member = (SELECT oid FROM pg_roles WHERE rolname = $2)",
    [role, member],
  );
  return rows.length > 0;
}

async function setRole(session: Session, { name, password }: ServiceUser): Promise<void> {
  const role = identifier(name);
  if (!(await exists(session, name))) await session.query(`CREATE ROLE ${role}`);
  const authentication = password === undefined ? "NULL" : literal(scramVerifier(password));
  await session.query(`ALTER ROLE ${role} WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE PASSWORD ${authentication}`);
  if (password === undefined) await session.query(`GRANT ${IAM_ROLE} TO ${role}`);
  else if (await isMember(session, IAM_ROLE, name)) await session.query(`REVOKE ${IAM_ROLE} FROM ${role}`);
}

/** With `schemaChanges`, the sessions of the user begin as the owner, so that the owner also owns what the user creates. */
async function setOwnership(session: Session, { name, schemaChanges }: ServiceUser, hasOptions: boolean): Promise<void> {
  const role = identifier(name);
  const owner = identifier(OWNER);
  const known = await exists(session, OWNER);
  if (!schemaChanges) {
    if (known && (await isMember(session, OWNER, name))) await session.query(`REVOKE ${owner} FROM ${role}`);
    await session.query(`ALTER ROLE ${role} RESET role`);
    return;
  }
  if (!known) await session.query(`CREATE ROLE ${owner} NOLOGIN`);
  // Since PostgreSQL 16, who creates a role may administer it, and neither has nor can take its rights without a grant of its own.
  const options = hasOptions ? " WITH INHERIT TRUE, SET TRUE" : "";
  await session.query(`GRANT ${owner} TO CURRENT_USER${options}`);
  await session.query(`GRANT ${owner} TO ${role}${options}`);
  await session.query(`ALTER ROLE ${role} SET role = ${literal(OWNER)}`);
}

/** PostgreSQL allows every user to connect to every database. Those of the master user are closed to all but it. */
async function setDatabases(session: Session, { name, database }: ServiceUser): Promise<void> {
  const others = await session.query(
    "SELECT datname AS name FROM pg_database WHERE datallowconn AND datname <> $1 AND pg_has_role(datdba, 'USAGE') ORDER BY datname",
    [database],
  );
  for (const other of others) await session.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${identifier(String(other["name"]))} FROM PUBLIC`);
  await session.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${identifier(database)} TO ${identifier(name)}`);
}

async function setSchemas(session: Session, user: ServiceUser): Promise<void> {
  // A schema of PostgreSQL 14 allows every user to create tables in it.
  const schemas = await session.query(
    "SELECT nspname AS name, pg_has_role(nspowner, 'USAGE') AS own FROM pg_namespace n WHERE (nspname = 'public' OR pg_has_role(nspowner, 'USAGE')) AND nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e') ORDER BY nspname",
  );
  for (const schema of schemas) await setSchema(session, user, String(schema["name"]), schema["own"] === true);
}

async function setSchema(session: Session, { name, schemaChanges }: ServiceUser, schema: string, own: boolean): Promise<void> {
  const role = identifier(name);
  const on = `ON SCHEMA ${identifier(schema)}`;
  if (own) {
    await session.query(`REVOKE CREATE ${on} FROM PUBLIC`);
    await session.query(`GRANT USAGE ${on} TO ${role}`);
    await session.query(`REVOKE CREATE ${on} FROM ${role}`);
  }
  const objects = await ownObjects(session, schema, OWNER);
  const makers = ["CURRENT_USER"];
  if (schemaChanges) {
    await session.query(`GRANT USAGE, CREATE ${on} TO ${identifier(OWNER)}`);
    // Even without an effect, the statement locks a table.
    for (const { kind, name: object } of objects.filter(({ movable }) => movable))
      await session.query(`ALTER ${kind} ${object} OWNER TO ${identifier(OWNER)}`);
    makers.push(identifier(OWNER));
  }
  const grant = async (privileges: string, of: "TABLE" | "SEQUENCE"): Promise<void> => {
    const names = objects.filter(({ grantedAs }) => grantedAs === of).map((object) => object.name);
    if (names.length > 0) await session.query(`GRANT ${privileges} ON ${of} ${names.join(", ")} TO ${role}`);
    // Tables that do not exist yet.
    for (const maker of makers)
      await session.query(
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${maker} IN SCHEMA ${identifier(schema)} GRANT ${privileges} ON ${of}S TO ${role}`,
      );
  };
  await grant("SELECT, INSERT, UPDATE, DELETE", "TABLE");
  await grant("USAGE, SELECT, UPDATE", "SEQUENCE");
}

/** A user of this name with more rights must not be what the services get: someone else has created it, or has added to it. */
async function verify(session: Session, { name, database, password, schemaChanges }: ServiceUser): Promise<void> {
  const [attributes = {}] = await session.query(
    "SELECT rolsuper AS superuser, rolcreaterole AS createrole, rolcreatedb AS createdb, rolreplication AS replication, rolbypassrls AS bypassrls FROM pg_roles WHERE rolname = $1",
    [name],
  );
  const excess = Object.keys(attributes).filter((attribute) => attributes[attribute] !== false);
  const allowed = [name, ...(password === undefined ? [IAM_ROLE] : []), ...(schemaChanges ? [OWNER] : [])];
  const roles = await session.query("SELECT rolname AS name FROM pg_roles WHERE pg_has_role($1, oid, 'MEMBER') ORDER BY rolname", [name]);
  excess.push(...roles.map((role) => String(role["name"])).filter((role) => !allowed.includes(role)));
  if (excess.length > 0)
    throw new UserError(
      `The user ${name} would have more rights than the services need: ${excess.join(", ")}. Revoke them, then apply again.`,
    );
  const others = await session.query(
    "SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> $1 AND has_database_privilege($2, oid, 'CONNECT') ORDER BY datname",
    [database, name],
  );
  // Databases of other owners: what they allow is not for this function to change.
  for (const other of others)
    console.warn(
      JSON.stringify({
        message: `The user ${name} can connect to the database ${String(other["name"])}, which the master user does not own`,
      }),
    );
}
