/** A copy of the source and the tests as JavaScript, in which mutants can be switched on. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { filesUnder } from './mutants.mjs';

const COMPILER = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

/** Within node_modules: packages resolve from here, and nothing else looks into it. */
function sandboxAt(root, name) {
  return join(root, 'node_modules/.cache', name);
}

/** Builds the sandbox of that name anew; `replaced` holds the code of files that differ from the tree's, by path. */
export function buildSandbox(root, name, replaced = new Map()) {
  const sandbox = sandboxAt(root, name);
  rmSync(sandbox, { recursive: true, force: true });
  mkdirSync(sandbox, { recursive: true });
  for (const name of readdirSync(root)) {
    if (name.startsWith('.') || ['node_modules', 'dist', 'src', 'test'].includes(name)) continue;
    symlinkSync(join(root, name), join(sandbox, name));
  }
  for (const folder of ['src', 'test']) {
    cpSync(join(root, folder), join(sandbox, folder), { recursive: true });
    for (const path of filesUnder(root, folder)) {
      if (path.endsWith('.ts') && !path.endsWith('.d.ts')) compile(root, sandbox, path, replaced.get(path));
    }
  }
  return sandbox;
}

/** Compiles one file of the tree, or the code that stands in for it, into the sandbox. */
export function compile(root, sandbox, path, code = readFileSync(join(root, path), 'utf8')) {
  const target = join(sandbox, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, ts.transpileModule(code, { compilerOptions: COMPILER, fileName: path }).outputText);
}
