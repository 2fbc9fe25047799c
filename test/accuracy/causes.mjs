/** Precision and recall per cause, and how right the first resets are by vantage and condition. */

/** Resets with a story of their own that had an effect. */
export const firsts = (resets) => resets.filter((one) => one.role === 'first');

/**
 * One row per cause that is the truth of a reset or was said of one.
 * Recall: of the resets whose truth it is, how many were told acceptably (by this cause or one that is as true there).
 * Precision: of the verdicts that name it, how many are acceptable.
 */
export function perCause(resets) {
  const rows = new Map();
  const row = (cause) => {
    if (!rows.has(cause)) rows.set(cause, { cause, truths: 0, told: 0, undecided: 0, said: 0, right: 0 });
    return rows.get(cause);
  };
  for (const one of resets) {
    const truth = row(one.truth);
    truth.truths++;
    if (one.score === 'right') truth.told++;
    if (one.score === 'undecided') truth.undecided++;
    if (!one.decided) continue;
    const said = row(one.cause);
    said.said++;
    if (one.score === 'right') said.right++;
  }
  return [...rows.values()].sort((a, b) => a.cause.localeCompare(b.cause));
}

/** Counts of right, undecided, and wrong by confidence. */
export function tally(resets) {
  const wrong = (confidence) =>
    resets.filter((one) => one.score === 'wrong' && (confidence === undefined || one.confidence === confidence)).length;
  return {
    resets: resets.length,
    right: resets.filter((one) => one.score === 'right').length,
    undecided: resets.filter((one) => one.score === 'undecided').length,
    wrongPossible: wrong('possible'),
    wrongLikely: wrong('likely'),
    wrongCertain: wrong('certain'),
  };
}

/** Tallies of the first resets: all, by vantage, by drawn condition of a random world, and by degradation of the capture. */
export function byCondition({ full, degraded }) {
  const all = firsts(full.resets);
  const rows = [{ name: 'all, as recorded', ...tally(all) }];
  for (const vantage of new Set(all.map((one) => one.vantage)))
    rows.push({ name: `at the ${vantage}`, ...tally(all.filter((one) => one.vantage === vantage)) });
  for (const name of new Set(all.flatMap((one) => one.world)))
    rows.push({ name: `world: ${name}`, ...tally(all.filter((one) => one.world.includes(name))) });
  for (const { condition, judged } of degraded) rows.push({ name: condition.name, ...tally(firsts(judged)) });
  return rows;
}

/** Tallies per deed of the random lab; empty for recordings that name none. */
export function byDeed(resets) {
  const deeds = new Set(firsts(resets).flatMap((one) => one.connection?.deed ?? []));
  return [...deeds]
    .sort()
    .map((deed) => ({ name: deed, ...tally(firsts(resets).filter((one) => one.connection?.deed === deed)) }));
}

/** What was special about the world of a random situation, in words. */
export function worldOf({ conditions: c }) {
  if (c === undefined) return [];
  return [
    c.loopback ? 'loopback' : c.delay === 0 ? 'near' : 'far',
    ...(c.ipv6 ? ['IPv6'] : []),
    ...(c.timestamps ? [] : ['no timestamps']),
    ...(c.offload ? ['offload'] : []),
    ...(c.loss > 0 ? ['loss'] : []),
    ...(c.jitter > 0 ? ['reordering'] : []),
    ...(c.nat === 'none' ? [] : [c.nat]),
  ];
}
