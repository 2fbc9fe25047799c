/**
 * How right is it? Every recording of a folder against its truth file, as recorded and under every condition.
 *
 *     npm run accuracy -- [DIR | --dir DIR] [--list | --all | --disagreements] [--only PREFIX] [--condition NAME | --full] [--json FILE]
 *     npm run accuracy -- --labels FILE --captures DIR
 *
 * DIR defaults to captures. --list adds a line per kind of reset that was not right (--all: per every one), --only
 * takes the situations whose name begins so, --condition those conditions whose name holds NAME, --full none.
 * --disagreements prints one line per first reset that was not told right. With --labels it is people's labels
 * of captures in a folder that the verdicts are held against.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureLabels, readLabels } from './labels.mjs';
import { measure } from './measure.mjs';
import { disagreements, labels, list, summary } from './print.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    all: { type: 'boolean' },
    only: { type: 'string' },
    condition: { type: 'string' },
    full: { type: 'boolean' },
    json: { type: 'string' },
    disagreements: { type: 'boolean' },
    dir: { type: 'string' },
    labels: { type: 'string' },
    captures: { type: 'string' },
  },
});

if (values.labels !== undefined) {
  console.log(labels(await measureLabels(readLabels(values.labels), values.captures ?? 'captures')));
  process.exit();
}

const result = await measure(values.dir ?? positionals[0] ?? 'captures', {
  only: values.only,
  conditions: (name) => !values.full && name.includes(values.condition ?? ''),
});
if (values.list || values.all) {
  const text = list(result, values.all);
  if (text !== '') console.log(`${text}\n`);
}
if (values.disagreements) console.log(`${disagreements(result)}\n`);
console.log(summary(result));
if (values.json !== undefined) {
  // The connection of the truth file is in there once already.
  writeFileSync(
    values.json,
    `${JSON.stringify(result, (key, value) => (key === 'connection' ? undefined : value), 1)}\n`,
  );
}
