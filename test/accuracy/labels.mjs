/**
 * Labels that people made from the packets: a JSON array of
 *
 *     { "file", "frame", "accept": [cause ids], "forbid": [cause ids], "expertDecides": bool, "why" }
 *
 * `accept` may hold "aftershock" (the role), `forbid` "<id> at certain" (only at that confidence).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../dist/index.js';
import { openCapture } from '../../dist/node/index.js';

const KEYS = { file: 'string', frame: 'number', accept: 'object', forbid: 'object', expertDecides: 'boolean' };

export function readLabels(path) {
  const labels = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(labels)) throw new Error(`${path}: not an array of labels`);
  labels.forEach((label, i) => {
    for (const [key, type] of Object.entries(KEYS)) {
      if (typeof label[key] !== type) throw new Error(`${path}: label ${i + 1} has no ${key} (${type})`);
    }
  });
  return labels;
}

/** Of each label: `accepted`, `forbidden`, `undecided` (the honest answer of a family), `other`, or `absent`. */
export function scoreLabel(label, verdict) {
  if (verdict === null) return 'absent';
  const { id, fallback } = verdict.cause;
  if (label.forbid.some((one) => one === id || one === `${id} at ${verdict.confidence}`)) return 'forbidden';
  if (label.accept.includes(id) || (verdict.role === 'aftershock' && label.accept.includes('aftershock')))
    return 'accepted';
  return fallback === true ? 'undecided' : 'other';
}

/** Every label against the capture of that name in the folder. */
export async function measureLabels(labels, folder) {
  const files = new Map();
  for (const label of labels) files.set(label.file, [...(files.get(label.file) ?? []), label]);
  const list = [];
  for (const [file, ofFile] of files) {
    const path = join(folder, file);
    const verdicts = existsSync(path) ? (await diagnose(openCapture(path), { file })).verdicts : [];
    const byFrame = new Map();
    for (const verdict of verdicts) {
      for (const frame of [verdict.reset.rst.frame, ...verdict.reset.copies])
        if (!byFrame.has(frame)) byFrame.set(frame, verdict);
    }
    for (const label of ofFile) {
      const verdict = byFrame.get(label.frame) ?? null;
      list.push({
        ...label,
        score: scoreLabel(label, verdict),
        cause: verdict?.cause.id ?? null,
        confidence: verdict?.confidence ?? null,
        role: verdict?.role ?? null,
      });
    }
  }
  return list;
}
