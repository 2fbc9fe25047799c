/** What a configuration file did to a diagnosis, told with it: who reads the report may not know that there was one. */

import type { Confidence } from '../reset/types.js';
import type { Diagnosis, UsedConfiguration } from '../reset/verdicts/diagnosis.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { count } from './words/wording.js';

/**
 * The diagnosis with its configuration. Certainty is measured with the limits that we ship: under others no verdict is
 * surer than `likely`, and says why.
 */
export function configured(diagnosis: Diagnosis, configuration: UsedConfiguration | null): Diagnosis {
  if (configuration === null) return diagnosis;
  if (configuration.limits.length === 0) return { ...diagnosis, configuration };
  const changed = new Map<Verdict, Verdict>();
  const verdicts = diagnosis.verdicts.map((verdict) => {
    const result = capped(verdict, configuration);
    changed.set(verdict, result);
    return result;
  });
  return {
    ...diagnosis,
    configuration,
    verdicts,
    findings: diagnosis.findings.map((finding) => ({
      ...finding,
      confidence: atMostLikely(finding.confidence),
      example: changed.get(finding.example) ?? capped(finding.example, configuration),
    })),
  };
}

function capped(verdict: Verdict, { limits }: UsedConfiguration): Verdict {
  const alternatives = verdict.alternatives.map((each) => ({ ...each, confidence: atMostLikely(each.confidence) }));
  if (verdict.confidence !== 'certain') return { ...verdict, alternatives };
  const names = limits.map(({ name }) => name).join(', ');
  const doubt = `it was judged under limits that the configuration changes (${names})`;
  return { ...verdict, confidence: 'likely', doubt: [...verdict.doubt, doubt], alternatives };
}

function atMostLikely(confidence: Confidence): Confidence {
  return confidence === 'certain' ? 'likely' : confidence;
}

/** `whyrst.config.yaml (found, not named): limits changed: settle 5 ms (default 10,000); no verdict is surer than likely` */
export function configurationText({ file, found, limits, site }: UsedConfiguration): string {
  const changes = limits.map(
    ({ name, value, unit, usual }) => `${name} ${count(value)} ${unit} (default ${count(usual)})`,
  );
  const parts = [
    ...(changes.length === 0 ? [] : [`limits changed: ${changes.join(', ')}`, 'no verdict is surer than likely']),
    ...(site ? ['it names hosts and timers'] : []),
  ];
  const what = parts.length === 0 ? 'it changes no verdict' : parts.join('; ');
  return `${file}${found ? ' (found, not named)' : ''}: ${what}`;
}
