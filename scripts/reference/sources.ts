import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { documented, type Documented } from "./tsdoc";

/** A property of an interface, or a public member of a class. */
export interface Member extends Documented {
  readonly name: string;
  /** As it is in the source. */
  readonly type: string;
  readonly isOptional: boolean;
}

export interface Interface extends Documented {
  readonly name: string;
  readonly file: string;
  readonly isExported: boolean;
  readonly members: readonly Member[];
  /** Types that it extends, as they are in the source: `Omit<QueueProps, "purpose">`. */
  readonly bases: readonly string[];
}

/** An exported class that extends `Construct`, directly or not. */
export interface ConstructClass extends Documented {
  readonly name: string;
  readonly file: string;
  readonly bases: readonly string[];
  /** The type of the third parameter of its constructor. */
  readonly props: string | undefined;
  readonly members: readonly Member[];
}

/** An exported function. */
interface FunctionOf extends Documented {
  readonly name: string;
  readonly file: string;
}

export interface Sources {
  readonly interfaces: readonly Interface[];
  readonly classes: readonly ConstructClass[];
  readonly functions: readonly FunctionOf[];
}

export function sourceFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file))
      .sort(),
  );
}

/** Interfaces, constructs and functions of files. @param read the text of a file */
export function readSources(files: readonly string[], read = (file: string): string => readFileSync(file, "utf8")): Sources {
  const interfaces: Interface[] = [];
  const classes: ConstructClass[] = [];
  const functions: FunctionOf[] = [];
  for (const file of files)
    for (const statement of ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true).statements) {
      if (ts.isInterfaceDeclaration(statement)) interfaces.push(interfaceOf(statement, file));
      else if (ts.isClassDeclaration(statement) && statement.name && isExported(statement) && basesOf(statement).length > 0)
        classes.push(classOf(statement, statement.name.text, file));
      else if (ts.isFunctionDeclaration(statement) && statement.name && isExported(statement))
        functions.push({ name: statement.name.text, file, ...documented(statement) });
    }
  return { interfaces, classes: classes.filter(({ bases }) => isConstruct(bases, classes)), functions };
}

function isConstruct(bases: readonly string[], classes: readonly ConstructClass[]): boolean {
  return bases.some((base) => base === "Construct" || isConstruct(classes.find(({ name }) => name === base)?.bases ?? [], classes));
}

function isExported(statement: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Export) !== 0;
}

function basesOf(statement: ts.ClassDeclaration | ts.InterfaceDeclaration): string[] {
  return (statement.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => type.getText()));
}

function interfaceOf(statement: ts.InterfaceDeclaration, file: string): Interface {
  return {
    name: statement.name.text,
    file,
    isExported: isExported(statement),
    bases: basesOf(statement),
    members: statement.members.map((member) => ({
      name: member.name?.getText() ?? "",
      type: ts.isPropertySignature(member) ? (member.type?.getText() ?? "unknown") : member.getText(),
      isOptional: member.questionToken !== undefined,
      ...documented(member),
    })),
    ...documented(statement),
  };
}

function classOf(statement: ts.ClassDeclaration, name: string, file: string): ConstructClass {
  const construct = statement.members.find((member) => ts.isConstructorDeclaration(member));
  return {
    name,
    file,
    bases: basesOf(statement),
    props: construct?.parameters[2]?.type?.getText(),
    members: statement.members.flatMap(publicMember),
    ...documented(statement),
  };
}

function publicMember(member: ts.ClassElement): Member[] {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if ((ts.getCombinedModifierFlags(member) & hidden) !== 0 || member.name === undefined) return [];
  const one = (type: string): Member[] => [{ name: member.name?.getText() ?? "", type, isOptional: false, ...documented(member) }];
  if (ts.isPropertyDeclaration(member) || ts.isGetAccessorDeclaration(member)) return one(member.type?.getText() ?? "");
  if (!ts.isMethodDeclaration(member)) return [];
  const parameters = member.parameters.map((parameter) =>
    ts.isIdentifier(parameter.name) ? parameter.name.text : (parameter.type?.getText() ?? ""),
  );
  return one(`(${parameters.join(", ")}) => ${member.type?.getText() ?? "void"}`);
}

/** Exported interfaces of props in a module with a property that has no text, as `file: Interface.property`. */
export function withoutText({ interfaces }: Sources): string[] {
  return interfaces
    .filter(({ name, isExported: exported }) => exported && name.endsWith("Props"))
    .flatMap(({ name, file, members }) => members.filter(({ text }) => text === "").map((member) => `${file}: ${name}.${member.name}`));
}
