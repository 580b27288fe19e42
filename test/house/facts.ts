/**
 * What stands in each file of src: its size, its functions, its imports and the types that it exports.
 *
 * Owns: reading them with TypeScript's own parser. Never: judges (figures.ts).
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import {
  isCallExpression,
  isClassDeclaration,
  isEnumDeclaration,
  isExportDeclaration,
  isFunctionLikeDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isInterfaceDeclaration,
  isLiteralTypeNode,
  isStringLiteral,
  isTypeAliasDeclaration,
} from "typescript/unstable/ast/is";
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";

export type FunctionFacts = { name: string; line: number; lines: number };

export type FileFacts = {
  /** From the root, with slashes. */
  path: string;
  text: string;
  lines: number;
  functions: FunctionFacts[];
  /** Files of src that it names, types too. */
  imports: string[];
  /** Types, interfaces, classes and enums that it declares and exports. */
  types: string[];
};

const CONFIGS = ["tsconfig.json", "src/web/tsconfig.json"];

/** Tests and what only they use. */
export function isTestFile(path: string): boolean {
  return path.startsWith("test/") || /\.(test|fixture)\.tsx?$/.test(path);
}

/** Lines as an editor counts them. */
export function countLines(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** The product's files below `root`, in order of their paths. */
export function readProduct(root: string): FileFacts[] {
  const api = new API({ cwd: root });
  try {
    const openProjects = CONFIGS.map((config) => join(root, config));
    const projects = api.updateSnapshot({ openProjects }).getProjects();
    return globSync("src/**/*.{ts,tsx}", { cwd: root })
      .filter((path) => !isTestFile(path) && !path.endsWith(".d.ts"))
      .toSorted()
      .map((path) => {
        for (const { program } of projects) {
          const source = program.getSourceFile(join(root, path));
          if (source !== undefined) return toFacts(root, path, source);
        }
        throw new Error(`${path} is in neither ${CONFIGS.join(" nor ")}`);
      });
  } finally {
    api.close();
  }
}

function toFacts(root: string, path: string, source: SourceFile): FileFacts {
  const text = readFileSync(join(root, path), "utf8");
  const facts: FileFacts = {
    path,
    text,
    lines: countLines(text),
    functions: [],
    imports: [],
    types: [],
  };
  const visit = (node: Node): void => {
    if (isFunctionLikeDeclaration(node)) facts.functions.push(toFunction(text, source, node));
    if (isTypeDeclaration(node) && isExported(node)) facts.types.push(node.name?.text ?? "default");
    const named = readModule(node);
    const file = named?.startsWith(".") ? resolve(root, dirname(path), named) : undefined;
    if (file !== undefined) facts.imports.push(relative(root, file));
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  facts.imports = [...new Set(facts.imports)];
  return facts;
}

function isTypeDeclaration(node: Node) {
  return (
    isTypeAliasDeclaration(node) ||
    isInterfaceDeclaration(node) ||
    isClassDeclaration(node) ||
    isEnumDeclaration(node)
  );
}

function isExported(node: { modifiers?: Iterable<Node> }): boolean {
  return [...(node.modifiers ?? [])].some(({ kind }) => kind === SyntaxKind.ExportKeyword);
}

/** The module that an import of any kind names: a statement, `import()`, or `import("...")` in a type. */
function readModule(node: Node): string | undefined {
  let named: Node | undefined;
  if (isImportDeclaration(node) || isExportDeclaration(node)) named = node.moduleSpecifier;
  else if (isImportTypeNode(node))
    named = isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  else if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword)
    [named] = node.arguments;
  return named !== undefined && isStringLiteral(named) ? named.text : undefined;
}

function toFunction(text: string, source: SourceFile, node: Node): FunctionFacts {
  const start = node.getStart(source);
  const own = text.slice(start, node.end);
  const [head = ""] = own.split("\n");
  return {
    name: head.slice(0, 60).trim(),
    line: text.slice(0, start).split("\n").length,
    lines: own.split("\n").length,
  };
}
