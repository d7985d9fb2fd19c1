import { createHash } from "node:crypto";
import { notTheWriter, type ServiceUser, type Session, UserError } from "./session";

const ROWS = ["SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "SHOW VIEW", "LOCK TABLES", "CREATE TEMPORARY TABLES"];
const SCHEMA = ["CREATE", "ALTER", "DROP", "INDEX", "REFERENCES", "CREATE VIEW", "TRIGGER", "CREATE ROUTINE", "ALTER ROUTINE"];

/**
 * Creates the user, or changes it to what the configuration says: rights on its database only, to read and write rows, and with
 * `schemaChanges` to change the schema. MySQL has no transaction of such statements: rights are granted last.
 * @throws {UserError} when the session is not on the writer, or the user has rights beyond these
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
 */
export async function setMysqlUser(session: Session, user: ServiceUser): Promise<void> {
  const [server] = await session.query("SELECT @@innodb_read_only AS standby");
  if (Number(server?.["standby"]) === 1) throw notTheWriter();
  const account = `${literal(user.name)}@'%'`;
  const authentication = authenticationOf(user);
  await session.query(`CREATE USER IF NOT EXISTS ${account} IDENTIFIED ${authentication} REQUIRE SSL`);
  await session.query(`ALTER USER ${account} IDENTIFIED ${authentication} REQUIRE SSL ACCOUNT UNLOCK`);
  const database = await grantedName(session, user.database);
  const privileges = [...ROWS, ...(user.schemaChanges ? SCHEMA : [])];
  await revokeExcess(session, account, database, privileges);
  await session.query(`GRANT ${privileges.join(", ")} ON ${identifier(database)}.* TO ${account}`);
  await verify(session, account, user.name, database);
}

export function identifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function literal(text: string): string {
  if (text.includes("\\")) throw new UserError("a text with a backslash depends on the SQL mode");
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The hash that MySQL stores instead of the password: a statement with the password itself can be in the audit log. Without a password,
 * the plugin that verifies the tokens of IAM.
 */
function authenticationOf({ password }: ServiceUser): string {
  if (password === undefined) return "WITH AWSAuthenticationPlugin AS 'RDS'";
  const sha1 = (data: string | Buffer): Buffer => createHash("sha1").update(data).digest();
  return `WITH mysql_native_password AS '*${sha1(sha1(password)).toString("hex").toUpperCase()}'`;
}

/** `_` stands for any letter in a grant, unless the server has no such patterns. */
async function grantedName(session: Session, database: string): Promise<string> {
  const [variable] = await session.query("SHOW VARIABLES LIKE 'partial_revokes'");
  return variable?.["Value"] === "ON" ? database : database.replaceAll(/[_%]/g, "\\$&");
}

/** Only what the user has: MySQL rejects the revocation of other rights. */
async function revokeExcess(session: Session, account: string, database: string, privileges: readonly string[]): Promise<void> {
  const rows = await session.query(
    "SELECT privilege_type AS privilege FROM information_schema.schema_privileges WHERE grantee = ? AND table_schema = ?",
    [account, database],
  );
  const excess = rows
    .map((row) => String(row["privilege"]))
    .filter((privilege) => !privileges.includes(privilege) && privilege !== "USAGE");
  if (excess.length > 0) await session.query(`REVOKE ${excess.join(", ")} ON ${identifier(database)}.* FROM ${account}`);
}

/** A user of this name with more rights must not be what the services get: someone else has created it, or has added to it. */
async function verify(session: Session, account: string, name: string, database: string): Promise<void> {
  const rows = await session.query(`SHOW GRANTS FOR ${account}`);
  const grants = rows.map((row) => String(Object.values(row)[0]));
  const own = ` ON ${identifier(database)}.* TO `;
  const excess = grants.filter(
    (grant) => !(grant.startsWith("GRANT USAGE ON *.* TO ") || grant.includes(own)) || grant.includes("WITH GRANT OPTION"),
  );
  if (excess.length > 0)
    throw new UserError(
      `The user ${name} has more rights than the services need: ${excess.map(withoutSecret).join("; ")}. Revoke them, then apply again.`,
    );
}

/** A grant can contain the hash of a password. */
function withoutSecret(grant: string): string {
  return grant.replace(/ IDENTIFIED .*/, "");
}
