/**
 * What programs write into their logs when a connection fails, and what came first on the wire when they do.
 *
 * The one table behind `explain`, `show`, the errors row of a finding and the correlation of logs. `…` in a text
 * stands for what varies. Most lines were produced and read on Linux; the others are the
 * programs' own message texts. The wire facts: docs/causes.md, "What programs see".
 */

import { CLIENTS } from './phrases/clients.js';
import { LANGUAGES } from './phrases/languages.js';
import type { Phrase } from './phrases/phrase.js';
import { PROXIES } from './phrases/proxies.js';
import { STORES } from './phrases/stores.js';
import { SYSTEMS } from './phrases/systems.js';

export type { FirstOnWire, Phrase } from './phrases/phrase.js';

export const PHRASES: readonly Phrase[] = [...SYSTEMS, ...LANGUAGES, ...CLIENTS, ...PROXIES, ...STORES];
