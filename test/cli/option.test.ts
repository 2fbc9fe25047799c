/** How what was typed becomes the value of an option, and that no command says one twice. */

import { describe, expect, test } from 'vitest';
import { COMMANDS, commandNames, commandOf } from '../../src/cli/command-line/index.js';
import { files, flag, list, phrase, spellings, texts, value, WORD, word } from '../../src/cli/command-line/option.js';
import { COLOR } from '../../src/cli/command-line/shared.js';

const typed = { name: 'x', describe: '' };

describe('an option is read', () => {
  test.each([
    ['a flag that was not given', flag(typed), undefined, false],
    ['a flag', flag(typed), true, true],
    ['a flag that was denied', flag(typed), false, false],
    ['no value', value(typed), undefined, undefined],
    ['a value', value(typed), 'a,b', 'a,b'],
    ['a value given twice: the last', value(typed), ['a', 'b'], 'b'],
    ['stdin', value(typed), `${WORD}-`, '-'],
    ['no list', list(typed), undefined, []],
    ['a list, with commas and given twice', list(typed), ['a, b', 'c,,'], ['a', 'b', 'c']],
    ['texts that hold commas', texts(typed), ['a, b', 'c'], ['a, b', 'c']],
    ['colours as the terminal has them', COLOR, undefined, undefined],
    ['no colours', COLOR, true, false],
  ])('%s', (_, { read }, given, expected) => {
    expect(read(given)).toEqual(expected);
  });

  test.each([
    ['a word', word('x', '', 'any'), `${WORD}-`, '-'],
    ['files', files('x', '', 'optional'), ['a', `${WORD}-`], ['a', '-']],
    ['no files', files('x', '', 'optional'), undefined, []],
    ['a phrase', phrase('x', '', 'any'), ['broken', 'pipe'], 'broken pipe'],
  ])('a place: %s', (_, { read }, given, expected) => {
    expect(read(given)).toEqual(expected);
  });
});

describe.each(COMMANDS)('$name', (command) => {
  test('says every spelling once, and by the name of its key', () => {
    const all = Object.values(command.options).flatMap(spellings);
    expect(all).toEqual([...new Set(all)]);
    for (const [key, { name }] of Object.entries(command.options)) {
      // The one that is said the other way round.
      if (name === 'no-color') continue;
      expect(key).toBe(name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
    }
  });

  test('is found by its name', () => {
    expect(commandOf(command.name === null ? ['x.pcap'] : [command.name])).toBe(command);
  });
});

test('a command is no file', () => {
  expect(commandNames).not.toContain(null);
  expect(commandOf([]).name).toBeNull();
});
