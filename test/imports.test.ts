/** Who may import whom : a folder imports only from folders above it in the list. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { version } from '../src/version.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SRC = join(ROOT, 'src');

/** From the top: what a room may lean on stands above it. Files of src itself stand as rooms of their own. */
const ORDER = [
  'version',
  'limits',
  'tcp',
  'capture',
  'packet',
  'flow',
  'survey',
  'context',
  'reset/types',
  'reset/evidence',
  'reset/held',
  'reset/facts',
  'reset/vocabulary',
  'reset/verdicts',
  'causes',
  'summary',
  'write',
  'report',
  'gate',
  'diagnose',
  'follow',
  'index',
  'testing',
  'node',
  'cli',
] as const;

/** Rooms that keep to less than what stands above them. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  version: [],
  tcp: [],
  capture: ['tcp'],
  limits: [],
  causes: ['limits', 'tcp', 'context', 'reset/types', 'reset/evidence', 'reset/facts', 'reset/vocabulary'],
};

/** May speak to the operating system, and so do not run in a browser. */
const NODE_ROOMS = ['node', 'cli'];

interface Import {
  readonly file: string;
  /** The room it is in. */
  readonly from: string;
  readonly specifier: string;
  /** `reset/held/hold` for a file of ours, null for a package. */
  readonly target: string | null;
  readonly typeOnly: boolean;
}

/** `flow/table` is in `flow`, `reset/held/hold` in `reset/held`: reset is several rooms under one roof. */
const roomOf = (path: string) => {
  const [folder = '', room] = path.replace(/\.ts$/, '').split('/');
  return folder === 'reset' ? `${folder}/${room}` : folder;
};
const imports = sources(SRC).flatMap(importsOf);
const say = ({ file, specifier }: Import) => `${file} imports ${specifier}`;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : /\.ts$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(path: string): Import[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const file = relative(SRC, path).split(sep).join('/');
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const target = specifier.startsWith('.')
      ? relative(SRC, join(dirname(path), specifier))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '')
      : null;
    found.push({ file, from: roomOf(file), specifier, target, typeOnly });
  };
  const walk = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const named = node.importClause?.namedBindings;
      const everyType =
        named !== undefined && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly);
      add(node.moduleSpecifier.text, node.importClause?.isTypeOnly === true || everyType);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node.argument.literal.text, true);
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

function allowed(one: Import): boolean {
  const to = roomOf(one.target ?? '');
  if (to === one.from) return true;
  const only = ONLY[one.from];
  if (only !== undefined) return only.includes(to);
  return (ORDER as readonly string[]).indexOf(to) < (ORDER as readonly string[]).indexOf(one.from);
}

const ours = imports.filter(({ target }) => target !== null);

describe('imports', () => {
  test('every folder of src has its place', () => {
    const rooms = new Set(sources(SRC).map((path) => roomOf(relative(SRC, path).split(sep).join('/'))));
    expect([...rooms].filter((room) => !(ORDER as readonly string[]).includes(room))).toEqual([]);
  });

  test('go upwards only', () => {
    expect(ours.filter((one) => !allowed(one)).map(say)).toEqual([]);
  });

  test('causes take types from context, and by value only its table of known timers', () => {
    const taken = ours.filter(({ from, target }) => from === 'causes' && roomOf(target ?? '') === 'context');
    expect(taken.filter((one) => !one.typeOnly && one.target !== 'context/timers').map(say)).toEqual([]);
  });

  test('only node and cli know the operating system', () => {
    const system = imports.filter(({ specifier }) => specifier.startsWith('node:'));
    expect(system.filter(({ from }) => !NODE_ROOMS.includes(from)).map(say)).toEqual([]);
  });

  test('report never imports a cause: a verdict carries its own', () => {
    expect(ours.filter(({ from, target }) => from === 'report' && roomOf(target ?? '') === 'causes').map(say)).toEqual(
      [],
    );
  });

  test('the library needs no package but the one it draws tables with', () => {
    const packages = imports.filter(
      ({ target, specifier, from, typeOnly }) =>
        target === null && !specifier.startsWith('node:') && !NODE_ROOMS.includes(from) && !typeOnly,
    );
    const names = [...new Set(packages.map(({ from, specifier }) => `${from}: ${specifier}`))].sort();
    expect(names).toEqual(['report: cli-table3']);
  });

  test('go in no circle between files', () => {
    expect(circles(ours.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });
});

test('the version of the package is that of the sources', () => {
  const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(version).toBe(packageJson.version);
});

/** Files that import each other at run time, as `a → b → a`. */
function circles(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { file, target } of edges) {
    const from = file.replace(/\.ts$/, '');
    next.set(from, [...(next.get(from) ?? []), target as string]);
  }
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.add([...path.slice(at), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    done.add(file);
    for (const one of next.get(file) ?? []) visit(one, [...path, file]);
  };
  for (const file of next.keys()) visit(file, []);
  return [...found];
}
