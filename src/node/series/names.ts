/**
 * What a file's name says of the series it is of. Tools that rotate write names of these forms:
 *
 * - `dumpcap`: `NAME_00001_20240101120000.pcapng`, or date before number (dumpcap and Wireshark `-b`; editcap `-c`, `-i`)
 * - `tcpdump`: `NAME.pcap`, `NAME.pcap1`, `NAME.pcap2` (tcpdump `-C`), `NAME.pcap00` (with `-W`)
 * - `dated`: a date with a time of day, or seconds since 1970, somewhere in the name (tcpdump `-G`), with `-C` a number behind
 * - `numbered`: a number anywhere else (`cap-001.pcap`), which many name so that are no series
 */

import { basename, dirname, join } from 'node:path';

export type SeriesForm = 'dumpcap' | 'tcpdump' | 'dated' | 'numbered';

export interface SeriesName {
  readonly form: SeriesForm;
  /** The same for all files of a series: the path with `#` for the number and `@` for the date. */
  readonly stem: string;
  readonly number: number | null;
  /** Milliseconds in the clock of whoever named it; good for differences only. */
  readonly date: number | null;
  /** The same name with another number. */
  readonly numbered: (number: number) => string;
}

const COMPRESSED = /\.(?:gz|zst|xz|bz2|lz4)$/i;
const ENDING = '\\.(?:pcap|pcapng|cap|dmp|dump|trace)';
const DATE = '(?:19|20)\\d{12}';
const DUMPCAP = new RegExp(`^(.*_)(\\d{5,})_(${DATE})(\\.[^_]*)?$`);
const DUMPCAP_DATE_FIRST = new RegExp(`^(.*_)(${DATE})_(\\d{5,})(\\.[^_]*)?$`);
const TCPDUMP = new RegExp(`^(.*${ENDING}\\.?)(\\d+)$`, 'i');
const TCPDUMP_FIRST = new RegExp(`^.*${ENDING}$`, 'i');
const MOMENT =
  /(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])[-_.T ]?([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?(?!\d)/;
/** tcpdump's `%s`: 2001 to 2286 in ten digits. */
const SECONDS = /(?<!\d)([1-9]\d{9})(?!\d)/;
const NUMBERED = /^(.*?)(\d{1,9})(\D*)$/;

/** The ways in which a name can be read, the most telling first. */
export function seriesNames(path: string): readonly SeriesName[] {
  const whole = basename(path);
  const compression = COMPRESSED.exec(whole)?.[0] ?? '';
  const name = whole.slice(0, whole.length - compression.length);
  const found: SeriesName[] = [];
  const add = (
    form: SeriesForm,
    stem: string,
    digits: string | null,
    date: number | null,
    put: (d: string) => string,
  ) =>
    found.push({
      form,
      stem: join(dirname(path), `${stem}${compression}`),
      number: digits === null ? null : Number(digits || 0),
      date,
      numbered: (number) =>
        `${put(String(number).padStart(digits?.startsWith('0') ? digits.length : 0, '0'))}${compression}`,
    });
  const dumpcap = DUMPCAP.exec(name);
  if (dumpcap !== null) {
    const [, stem = '', digits = '', date = '', ending = ''] = dumpcap;
    add('dumpcap', `${stem}#_@${ending}`, digits, momentOf(date), (d) => `${stem}${d.padStart(5, '0')}_*${ending}`);
    return found;
  }
  const dateFirst = DUMPCAP_DATE_FIRST.exec(name);
  if (dateFirst !== null) {
    const [, stem = '', date = '', digits = '', ending = ''] = dateFirst;
    add('dumpcap', `${stem}@_#${ending}`, digits, momentOf(date), (d) => `${stem}*_${d.padStart(5, '0')}${ending}`);
    return found;
  }
  const moment = MOMENT.exec(name) ?? SECONDS.exec(name);
  if (moment !== null) {
    const before = name.slice(0, moment.index);
    const after = name.slice(moment.index + moment[0].length);
    // With -C each date has files of its own, told apart by a number behind the ending.
    const rotated = TCPDUMP.exec(after);
    const rest = rotated === null ? after : (rotated[1] as string);
    add('dated', `${before}@${rest}`, null, momentOf(moment[0]), () => `${before}*${after}`);
  }
  const tcpdump = TCPDUMP.exec(name);
  if (tcpdump !== null) {
    const [, stem = '', digits = ''] = tcpdump;
    add('tcpdump', `${stem}#`, digits, null, (d) => (d === '0' && digits !== '0' ? stem : `${stem}${d}`));
  } else if (TCPDUMP_FIRST.test(name)) add('tcpdump', `${name}#`, '', null, (d) => `${name}${d}`);
  const numbered = NUMBERED.exec(name);
  if (numbered !== null && tcpdump === null) {
    const [, stem = '', digits = '', ending = ''] = numbered;
    // The last number of the name, not one of its ending.
    add('numbered', `${stem}#${ending}`, digits, null, (d) => `${stem}${d}${ending}`);
  }
  return found;
}

function momentOf(text: string): number {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  const [, year, month, day, hour, minute, second = '0'] = MOMENT.exec(text) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
