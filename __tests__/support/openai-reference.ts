import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

const PACKAGE = path.dirname(require.resolve("openai"));

/** The types of the installed `openai` package: the machine-readable form of the API reference. */
export function readOpenaiReference(file: string): OpenaiReference {
  const text = fs.readFileSync(path.join(PACKAGE, "resources/responses", file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  const aliases = new Map<string, ts.TypeAliasDeclaration>();
  const collect = (node: ts.Node, scope: string): void => {
    if (ts.isInterfaceDeclaration(node)) interfaces.set(scope + node.name.text, node);
    if (ts.isTypeAliasDeclaration(node)) aliases.set(scope + node.name.text, node);
    if (ts.isModuleDeclaration(node) && node.body !== undefined && ts.isModuleBlock(node.body)) {
      for (const inner of node.body.statements) collect(inner, `${scope}${node.name.text}.`);
    }
  };
  for (const statement of source.statements) collect(statement, "");
  return { membersOf: (name) => membersOf(interfaces, name), typesOf: (name) => typesOf(interfaces, aliases, name) };
}

export interface OpenaiReference {
  /** Names of an interface's members. */
  membersOf(interfaceName: string): string[];
  /** The literals of a union of strings, or the `type` literals of a union of interfaces; duplicates removed. */
  typesOf(unionName: string): string[];
}

function membersOf(interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>, name: string): string[] {
  const found = interfaces.get(name);
  if (found === undefined) throw new Error(`${name} is not in the reference`);
  return found.members.flatMap((member) => (member.name === undefined ? [] : [member.name.getText()]));
}

function typesOf(
  interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>,
  aliases: ReadonlyMap<string, ts.TypeAliasDeclaration>,
  name: string,
): string[] {
  const alias = aliases.get(name);
  if (alias === undefined || !ts.isUnionTypeNode(alias.type)) throw new Error(`${name} is no union`);
  const literals = alias.type.types.flatMap((part) =>
    ts.isTypeReferenceNode(part) ? typeMember(interfaces, part.typeName.getText()) : literalsOf(part),
  );
  return [...new Set(literals)];
}

function typeMember(interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>, name: string): string[] {
  const found = interfaces.get(name);
  if (found === undefined) throw new Error(`${name} is not in the reference`);
  const own = found.members.find((member) => member.name?.getText() === "type");
  if (own !== undefined && ts.isPropertySignature(own) && own.type !== undefined) return literalsOf(own.type);
  const parent = found.heritageClauses?.[0]?.types[0];
  return parent === undefined ? [] : typeMember(interfaces, parent.expression.getText());
}

function literalsOf(type: ts.TypeNode): string[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(literalsOf);
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [];
}
