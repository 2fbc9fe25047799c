/** The measurement as text. */
import { byCondition, byDeed, firsts, perCause } from './causes.mjs';

const LEVELS = ['certain', 'likely', 'possible'];

export function summary({ folder, situations, full, degraded }) {
  const { resets } = full;
  const lines = [
    `${situations} situations in ${folder}, ${count(new Set(resets.map((one) => `${one.situation} ${one.vantage}`)).size, 'capture')} with resets: ` +
      `${resets.length} RSTs judged, ${full.aftershocks} aftershocks of them`,
    '',
    ...levels(resets),
    '',
    ...confusion(resets),
    '',
    ...causes(firsts(resets)),
    '',
    ...tallies('first resets', byCondition({ full, degraded })),
    '',
    ...sides(full),
  ];
  if (full.endings.length > 0) lines.push('', ...endings(full.endings));
  const deeds = byDeed(resets);
  if (deeds.length > 0) lines.push('', ...tallies('deed', deeds));
  if (degraded.length > 0) lines.push('', ...conditions(degraded));
  if (full.problems.length > 0)
    lines.push('', ...full.problems.map((one) => `${one.situation} [${one.vantage}]: ${one.text}`));
  return lines.join('\n');
}

/** Right, wrong and undecided per confidence, as counts, over RSTs and over situations. */
function levels(resets) {
  const rows = [['', 'RSTs', 'right', 'wrong', 'undecided', 'share', 'right', 'share of situations', 'right']];
  for (const level of [...LEVELS, 'all']) {
    const of = level === 'all' ? resets : resets.filter((one) => one.confidence === level);
    const n = (score) => of.filter((one) => one.score === score).length;
    rows.push([
      level,
      of.length,
      n('right'),
      n('wrong'),
      n('undecided'),
      percent(of.length, resets.length),
      percent(n('right'), of.length),
      mean(resets, (one) => level === 'all' || one.confidence === level),
      mean(of, (one) => one.score === 'right'),
    ]);
  }
  const undecided = resets.filter((one) => one.score === 'undecided').length;
  rows.push([
    'undecided',
    undecided,
    '',
    '',
    '',
    percent(undecided, resets.length),
    '',
    mean(resets, (one) => one.score === 'undecided'),
    '',
  ]);
  return table(rows);
}

/** Mean over situations of the share of their RSTs (at all vantages) that something is true of. */
function mean(list, test) {
  const situations = group(list, (one) => one.situation);
  let sum = 0;
  for (const all of situations.values()) sum += all.filter(test).length / all.length;
  return percent(sum, situations.size);
}

function confusion(resets) {
  const confused = resets.filter((one) => one.score !== 'right');
  if (confused.length === 0) return ['Nothing is confused.'];
  const groups = group(confused, (one) => `${one.truth}\t${one.cause}\t${one.confidence}`);
  const rows = [['truth', 'said', 'confidence', 'RSTs', 'situations']];
  for (const [key, all] of [...groups].sort((a, b) => a[0].localeCompare(b[0]))) {
    rows.push([...key.split('\t'), all.length, new Set(all.map((one) => one.situation)).size]);
  }
  return table(rows, 3);
}

function causes(resets) {
  const rows = [['cause', 'truth of', 'told', 'undecided', 'recall', 'said', 'precision']];
  for (const { cause, truths, told, undecided, said, right } of perCause(resets))
    rows.push([cause, truths, told, undecided, percent(told, truths), said, percent(right, said)]);
  return table(rows);
}

function endings(list) {
  const rows = [['ending without a reset', 'told', 'of', 'situations']];
  for (const [key, all] of group(list, (one) => `${one.truth}\t${one.told ?? '–'}`))
    rows.push([...key.split('\t'), all.length, new Set(all.map((one) => one.situation)).size]);
  return table(rows, 2);
}

function tallies(title, list) {
  const rows = [[title, 'RSTs', 'right', 'undecided', 'wrong: possible', 'likely', 'certain']];
  for (const one of list) {
    const { name, resets, right, undecided, wrongPossible, wrongLikely, wrongCertain } = one;
    rows.push([
      name,
      resets,
      percent(right, resets),
      percent(undecided, resets),
      wrongPossible,
      wrongLikely,
      wrongCertain,
    ]);
  }
  return table(rows);
}

/** One line per first reset that was not told right: file, frame, truth, verdict, confidence, deed; tabs between. */
export function disagreements({ full }) {
  return firsts(full.resets)
    .filter((one) => one.score !== 'right')
    .map((one) =>
      [one.score, one.file, one.frame, one.truth, one.cause, one.confidence, one.connection?.deed ?? ''].join('\t'),
    )
    .join('\n');
}

/** What became of people's labels, and every one that was not met. */
export function labels(list) {
  const n = (score, test = () => true) => list.filter((one) => one.score === score && test(one)).length;
  const found = list.filter((one) => one.score !== 'absent').length;
  const at = (level) => n('forbidden', (one) => one.confidence === level);
  const lines = list
    .filter((one) => one.score !== 'accepted')
    .map((one) =>
      [
        one.score,
        one.file,
        one.frame,
        one.cause ?? '',
        one.confidence ?? '',
        `accept ${one.accept.join(',')}`,
        `forbid ${one.forbid.join(',')}`,
      ].join('\t'),
    );
  return [
    ...lines,
    '',
    ...table([
      ['labels', list.length, ''],
      ['accepted', n('accepted'), percent(n('accepted'), found)],
      ['forbidden at possible', at('possible'), percent(at('possible'), found)],
      ['forbidden at likely', at('likely'), percent(at('likely'), found)],
      ['forbidden at certain', at('certain'), percent(at('certain'), found)],
      [
        'undecided, though an expert decides',
        n('undecided', (one) => one.expertDecides),
        percent(
          n('undecided', (one) => one.expertDecides),
          found,
        ),
      ],
      [
        'undecided, as an expert would',
        n('undecided', (one) => !one.expertDecides),
        percent(
          n('undecided', (one) => !one.expertDecides),
          found,
        ),
      ],
      ['neither accepted nor forbidden', n('other'), percent(n('other'), found)],
      ['no such reset or capture', n('absent'), ''],
    ]),
  ].join('\n');
}

function sides({ resets, reasons, applications }) {
  const mechanisms = resets
    .filter((one) => one.trueMechanism !== null)
    .map((one) => ({
      ...one,
      score: one.mechanism === one.trueMechanism ? 'right' : one.mechanism === 'undecided' ? 'undecided' : 'wrong',
    }));
  const observed = applications.filter((one) => one.observed);
  const others = applications.filter((one) => !one.observed);
  const row = (name, list) => [
    name,
    list.length,
    ...['right', 'wrong', 'undecided'].map((score) => list.filter((one) => one.score === score).length),
    percent(list.filter((one) => one.score === 'right').length, list.length),
    mean(list, (one) => one.score === 'right'),
  ];
  return table([
    ['', '', 'right', 'wrong', 'undecided', 'right', 'of situations'],
    row('mechanism', mechanisms),
    row("kernel's reason within kernelReasons", reasons),
    row('errno where the reset arrived', observed),
    row('errno at its sender', others),
  ]);
}

function conditions(degraded) {
  const rows = [
    [
      'condition',
      'decided in full',
      'still',
      'of RSTs',
      'of situations',
      'right',
      'judged',
      'wrong: likely',
      'certain',
    ],
  ];
  for (const { condition, judged, kept } of degraded) {
    const still = kept.filter((one) => one.decided);
    const wrong = (level) => judged.filter((one) => one.score === 'wrong' && one.confidence === level).length;
    rows.push([
      condition.name,
      kept.length,
      still.length,
      percent(still.length, kept.length),
      mean(kept, (one) => one.decided),
      percent(still.filter((one) => one.score === 'right').length, still.length),
      judged.length,
      wrong('likely'),
      wrong('certain'),
    ]);
  }
  return table(rows);
}

/** Every reset that was not right, or all of them, several of a kind on one line. */
export function list({ full, degraded }, all) {
  const lines = [];
  const words = { right: 'ok', wrong: 'WRONG', undecided: 'UNDECIDED' };
  const line = (one) => {
    const mechanism =
      one.trueMechanism === null || one.mechanism === one.trueMechanism
        ? ''
        : ` MECH ${one.mechanism}(${one.mechanismConfidence}) for ${one.trueMechanism}`;
    const shape = one.score === 'right' ? '' : ` shape ${one.shape}`;
    return `${one.situation} [${one.vantage}] ${words[one.score]} ${one.cause}/${one.confidence}/${one.role} for ${one.truth}${mechanism}${shape}`;
  };
  const put = (groups, prefix = '') => {
    for (const [text, ones] of groups) {
      const ids = ones.map((one) => one.id);
      lines.push(`${prefix}${text} #${ids.slice(0, 6).join(',')}${ids.length > 6 ? `… ${ids.length}` : ''}`);
    }
  };
  put(
    group(
      full.resets.filter((one) => all || one.score !== 'right' || / MECH /.test(line(one))),
      line,
    ),
  );
  for (const one of full.applications.filter((a) => a.score === 'wrong')) {
    const { error, eofFirst } = one.predicted;
    lines.push(
      `APPS ${one.situation} [${one.vantage}] #${one.id} ${one.side}${one.observed ? '' : ' (sender)'}: saw ${one.seen} predicted ${error} eof ${eofFirst}`,
    );
  }
  for (const one of full.reasons.filter((r) => r.score === 'wrong')) {
    lines.push(
      `REASON ${one.situation} [${one.vantage}] #${one.id} ${one.cause}/${one.role}: kernel ${one.kernel} predicted ${one.predicted.join(',')}`,
    );
  }
  for (const { condition, judged } of degraded) {
    put(
      group(
        judged.filter((one) => one.score === 'wrong' && (all || one.confidence !== 'possible')),
        line,
      ),
      `${condition.name}: `,
    );
  }
  return lines.join('\n');
}

function group(list, key) {
  const groups = new Map();
  for (const one of list) {
    const k = key(one);
    if (!groups.has(k)) groups.set(k, []);
    groups.get(k).push(one);
  }
  return groups;
}

const percent = (part, whole) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const count = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** The first `words` columns to the left, numbers to the right. */
function table(rows, words = 1) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < words ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}
