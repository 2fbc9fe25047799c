/**
 * How right is it? Every recording of a folder against its truth file, as recorded and under every condition.
 *
 *     npm run accuracy -- [DIR] [--list | --all] [--only PREFIX] [--condition NAME | --full] [--json FILE]
 *
 * DIR defaults to captures. --list adds a line per kind of reset that was not right (--all: per every one), --only
 * takes the situations whose name begins so, --condition those conditions whose name holds NAME, --full none.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measure } from './measure.mjs';
import { list, summary } from './print.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    all: { type: 'boolean' },
    only: { type: 'string' },
    condition: { type: 'string' },
    full: { type: 'boolean' },
    json: { type: 'string' },
  },
});

const result = await measure(positionals[0] ?? 'captures', {
  only: values.only,
  conditions: (name) => !values.full && name.includes(values.condition ?? ''),
});
if (values.list || values.all) {
  const text = list(result, values.all);
  if (text !== '') console.log(`${text}\n`);
}
console.log(summary(result));
if (values.json !== undefined) {
  // The connection of the truth file is in there once already.
  writeFileSync(
    values.json,
    `${JSON.stringify(result, (key, value) => (key === 'connection' ? undefined : value), 1)}\n`,
  );
}
