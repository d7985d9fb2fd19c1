import type { Session } from "./session";

/** A relation, routine or type of a schema. */
interface OwnObject {
  /** As `ALTER ... OWNER TO` names it. */
  readonly kind: string;
  /** As `GRANT ... ON` names it. Undefined for what the user needs no grant for. */
  readonly grantedAs: "TABLE" | "SEQUENCE" | undefined;
  /** Quoted name with its schema, and the arguments of a routine. */
  readonly name: string;
  /** Whether it has another owner than the given one, and not that of a table to which it belongs. */
  readonly movable: boolean;
}

/** Without objects of extensions. A sequence that belongs to a column has the owner of the table. */
const QUERY = `
SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
  CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS granted,
  format('%I.%I', nspname, relname) AS name,
  pg_get_userbyid(relowner) <> $2 AND NOT (relkind = 'S' AND EXISTS (SELECT 1 FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass)) AS movable
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND pg_has_role(relowner, 'USAGE')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, NULL,
  format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)), pg_get_userbyid(proowner) <> $2
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
WHERE nspname = $1 AND prokind <> 'a' AND pg_has_role(proowner, 'USAGE')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, NULL, format('%I.%I', nspname, typname), pg_get_userbyid(typowner) <> $2
FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
WHERE nspname = $1 AND typtype IN ('d', 'e', 'c', 'r') AND pg_has_role(typowner, 'USAGE')
  AND (typrelid = 0 OR EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = typrelid AND relkind = 'c'))
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY kind, name`;

/** What the master user owns in a schema, itself or as a member of the owner. */
export async function ownObjects(session: Session, schema: string, owner: string): Promise<readonly OwnObject[]> {
  const rows = await session.query(QUERY, [schema, owner]);
  return rows.map(({ kind, granted, name, movable }) => ({
    kind: String(kind),
    grantedAs: granted === "TABLE" || granted === "SEQUENCE" ? granted : undefined,
    name: String(name),
    movable: movable === true,
  }));
}
