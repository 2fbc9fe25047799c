import { count, plural } from '../reset/evidence.js';
import type { CaptureCounts } from './summary.js';

/** Octets: Ethernet, IPv4 and TCP with their usual options; what was cut shorter shows neither options nor content. */
const HEADERS = 68;

/** Names of hosts that are told one by one. */
const NAMED = 6;

/** What lowers confidence in everything that is said of a capture, as clauses. */
export function qualityOf({
  info,
  census,
  tracker,
  connections,
  losses,
  translated,
  arrangement,
}: CaptureCounts): string[] {
  const list: string[] = [];
  const { lacks } = info;
  if (lacks !== undefined)
    list.push(`it was read from text${lacks.length > 0 ? `, which does not tell ${lacks.join(' nor ')}` : ''}`);
  const names = [...(info.standIns ?? [])];
  if (names.length > 0) {
    const some = names.slice(0, NAMED).map(([standIn, name]) => `${standIn} stands for ${name}`);
    const more = names.length - some.length;
    list.push(`the text has names instead of numbers: ${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
  }
  if (census.segments > 0 && census.notReset === 0)
    list.push('it holds only RST segments (a capture filter?): what came before them is unknown');
  // Refused and scanned ports have nothing in between.
  else if (census.plain === 0 && connections.finished > 0)
    list.push(
      'it holds only SYN, FIN and RST segments (a capture filter?): nothing is known of data between them but its volume',
    );
  const { lost, share, byFilter, lossy } = losses;
  if (lost > 0 && byFilter)
    list.push(
      `at least ${plural(lost, 'packet')} that ${lost === 1 ? 'was' : 'were'} acknowledged ${lost === 1 ? 'is' : 'are'} not in it: a filter left them out, or it lost them`,
    );
  else if (lost > 0 && !lossy)
    list.push(`it lacks at least ${plural(lost, 'packet')} that ${lost === 1 ? 'was' : 'were'} acknowledged`);
  else if (lost > 0)
    list.push(
      `this capture lost at least ${percent(share)} of its packets (${count(lost)}), so an RST can be among them (record with -B 65536)`,
    );
  if (info.dropped > 0) list.push(`the capture reports ${plural(info.dropped, 'dropped packet')}`);
  const { oneSided, midStream } = connections;
  if (oneSided > 0)
    list.push(`${plural(oneSided, 'connection')} ${oneSided === 1 ? 'shows' : 'show'} one direction only`);
  if (midStream > 0) list.push(`${plural(midStream, 'connection')} began before the capture`);
  if (tracker.copies > 0)
    list.push(
      `${plural(tracker.copies, 'packet')} ${tracker.copies === 1 ? 'is a copy of another' : 'are copies of others'} (${arrangement === 'merged' ? 'captures of several points were put together, whose clocks need not agree: read each by itself, too' : 'mirror port or -i any'}), counted once`,
    );
  if (translated > 0)
    list.push(
      `${plural(translated, 'RST')} ${translated === 1 ? 'shows' : 'show'} again under other addresses (this machine translates them), counted once`,
    );
  if (arrangement === 'timeless')
    list.push('all its packets have the same time: nothing is known of what lies between them');
  if (arrangement === 'unordered')
    list.push(
      `${plural(census.disordered, 'packet')} ${census.disordered === 1 ? 'stands' : 'stand'} behind later ones: it is not in the order of time (reordercap sorts it)`,
    );
  if (census.backwards > 0) list.push(`its clock runs backwards (first at frame ${census.backwardsFrame})`);
  if (info.snaplen > 0 && info.snaplen < HEADERS)
    list.push(`packets were cut at ${info.snaplen} octets: TCP options and content are missing`);
  return list;
}

/** `7 %`, `0.4 %`. */
function percent(share: number): string {
  const hundredths = 100 * share;
  return `${hundredths >= 1 ? Math.floor(hundredths) : hundredths.toPrecision(1)} %`;
}
