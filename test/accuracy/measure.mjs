/** Every recording at every vantage, as recorded and under every condition, against its truth. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../dist/index.js';
import { readCapture, writeRecords } from './capture.mjs';
import { worldOf } from './causes.mjs';
import { CONDITIONS } from './conditions.mjs';
import { applicationScores, connectionOf, endingScores, isAbout, readTruths, reasonScores, scoreOf } from './truth.mjs';

/**
 * Measures a folder of recordings.
 * @param {{ only?: string, conditions?: (name: string) => boolean }} options
 */
export async function measure(folder, { only = '', conditions = () => true } = {}) {
  const full = { resets: [], aftershocks: 0, endings: [], applications: [], reasons: [], problems: [] };
  const degraded = CONDITIONS.filter((one) => conditions(one.name)).map((condition) => ({
    condition,
    judged: [],
    kept: [],
  }));
  const truths = readTruths(folder).filter((truth) => truth.name.startsWith(only));
  for (const truth of truths) {
    for (const [vantage, file] of Object.entries(truth.vantages)) {
      const path = join(folder, file);
      const place = { situation: truth.name, vantage, file, world: worldOf(truth) };
      if (!existsSync(path)) {
        full.problems.push({ ...place, text: `${file} is missing` });
        continue;
      }
      const capture = readCapture(path);
      const octets = writeRecords(capture.records, {
        ...capture,
        format: capture.format === 'pcapng' ? 'pcapng' : 'pcap',
      });
      const diagnosis = await diagnosisOf(octets, place, full.problems);
      if (diagnosis === null) continue;
      const { verdicts } = diagnosis;
      const at = (list) => list.map((one) => ({ ...place, ...one }));
      const judged = judge(truth, vantage, verdicts, place);
      full.resets.push(...judged);
      full.aftershocks += verdicts.filter((verdict) => verdict.role === 'aftershock').length;
      full.problems.push(...missed(truth, vantage, verdicts, place));
      full.endings.push(...at(endingScores(truth, vantage, diagnosis)));
      full.applications.push(...at(applicationScores(truth, vantage, verdicts)));
      full.reasons.push(...at(reasonScores(truth, vantage, verdicts, capture.epoch)));
      for (const one of degraded) await degrade(one, { truth, vantage, capture, judged, place });
    }
  }
  return { folder, situations: truths.length, full, degraded };
}

async function diagnosisOf(octets, place, problems) {
  try {
    return await diagnose(octets);
  } catch (error) {
    problems.push({ ...place, text: `could not be diagnosed: ${error.stack}` });
    return null;
  }
}

/** One entry per reset with a story of its own (aftershocks carry their first's). `frameOf` maps a frame to that of the recording. */
function judge(truth, vantage, verdicts, place, frameOf = (frame) => frame) {
  const list = [];
  for (const verdict of verdicts) {
    if (verdict.role === 'aftershock') continue;
    const connection = connectionOf(truth, verdict.reset)?.connection ?? null;
    if (connection?.notAt?.includes(vantage)) continue;
    list.push({
      ...place,
      frame: frameOf(verdict.reset.rst.frame),
      id: verdict.id,
      role: verdict.role,
      shape: verdict.reset.shape,
      cause: verdict.cause.id,
      confidence: verdict.confidence,
      decided: verdict.cause.fallback !== true,
      truth: connection === null ? 'no such connection' : (connection.cause ?? 'no reset'),
      score: scoreOf(connection, verdict.cause),
      mechanism: verdict.mechanism.kind,
      mechanismConfidence: verdict.mechanism.confidence,
      trueMechanism: connection?.mechanism ?? null,
      connection,
    });
  }
  return list;
}

/** Connections that were reset, and no reset with a role of its own was found for them. */
function missed(truth, vantage, verdicts, place) {
  const resets = verdicts.filter((verdict) => verdict.role !== 'aftershock').map((verdict) => verdict.reset);
  return truth.connections
    .filter(
      (one) =>
        one.cause !== null &&
        one.maybe !== true &&
        !one.notAt?.includes(vantage) &&
        !resets.some((reset) => isAbout(one, reset)),
    )
    .map((one) => ({ ...place, text: `no verdict for ${one.client} → ${one.server} (${one.cause})` }));
}

/** One recording under one condition. */
async function degrade({ condition, judged, kept, problems = [] }, { truth, vantage, capture, judged: full, place }) {
  const records = condition.apply(capture.records);
  const octets = writeRecords(records, {
    epoch: capture.epoch,
    snaplen: condition.snaplen ?? 0,
    format: condition.format,
  });
  const diagnosis = await diagnosisOf(octets, place, problems);
  if (diagnosis === null) throw new Error(`${place.situation} [${vantage}], ${condition.name}: ${problems[0].text}`);
  const { verdicts } = diagnosis;
  const origin = (frame) => records[frame - 1].frame;
  judged.push(...judge(truth, vantage, verdicts, place, origin));
  const byFrame = new Map();
  for (const verdict of verdicts) {
    for (const frame of [verdict.reset.rst.frame, ...verdict.reset.copies]) {
      if (!byFrame.has(origin(frame))) byFrame.set(origin(frame), verdict);
    }
  }
  const left = new Set(records.map((record) => record.frame));
  for (const before of full) {
    if (!before.decided || !left.has(before.frame)) continue;
    const verdict = byFrame.get(before.frame);
    const decided = verdict !== undefined && verdict.cause.fallback !== true;
    kept.push({
      ...before,
      now: verdict?.cause.id ?? null,
      decided,
      score: decided ? scoreOf(before.connection, verdict.cause) : 'undecided',
    });
  }
}
