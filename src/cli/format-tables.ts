/** What is read and written, gathered from the tables that the code goes by: `whyrst formats` and README.md print it. */

import { COMPRESSIONS } from '../capture/compressions.js';
import { PROBES } from '../capture/probe.js';
import { decompressedBy } from '../node/decompress.js';
import { ERF_TYPES } from '../packet/erf.js';
import { ETHER_TYPES, TAGS } from '../packet/ether-types.js';
import { GRE_TYPES } from '../packet/gre.js';
import { IP_PROTOCOLS } from '../packet/ip.js';
import type { Known } from '../packet/known.js';
import { PPP_PROTOCOLS } from '../packet/link.js';
import { LINK_TYPES } from '../packet/link-types.js';
import { UDP_TUNNELS } from '../packet/tunnel.js';
import { FORMATS } from '../report/formats.js';

export interface FormatTable {
  readonly title: string;
  readonly rows: readonly FormatRow[];
}

export interface FormatRow {
  /** A number or an ending by which it is told or asked for; empty where its first octets tell it. */
  readonly told: string;
  readonly name: string;
  readonly more: string;
}

const hex = (number: number) => `0x${number.toString(16).padStart(4, '0')}`;
const row = (told: string | number, name: string, more = ''): FormatRow => ({ told: String(told), name, more });
const numbered = (table: ReadonlyMap<number, Known>, told: (number: number) => string | number = hex) =>
  [...table.values()].map(({ number, name }) => row(told(number), name));

export function formatTables(): readonly FormatTable[] {
  const compressions = new Set<string>(COMPRESSIONS.map(({ name }) => name));
  return [
    {
      title: 'Captures, told by their first octets',
      rows: PROBES.flatMap(({ name, open, holds = '' }) => (open === undefined ? [] : row('', name, holds))),
    },
    {
      title: 'Compressions, told by their first octets',
      rows: COMPRESSIONS.map(({ name, source }) => row('', name, `${source}; by ${decompressedBy(name)}`)),
    },
    {
      title: 'Link types, by the LINKTYPE_ value of the capture',
      rows: LINK_TYPES.map(({ value, name, holds }) => row(value, name, holds)),
    },
    {
      title: 'Behind an EtherType, in Ethernet and in all else that bears one',
      rows: [...[...TAGS].map(([tag, { name }]) => row(hex(tag), name)), ...numbered(ETHER_TYPES)],
    },
    { title: 'Records of ERF, by type', rows: tunnels(ERF_TYPES, String) },
    { title: 'Behind a PPP protocol number', rows: numbered(PPP_PROTOCOLS) },
    { title: 'Behind an IP protocol number', rows: numbered(IP_PROTOCOLS, String) },
    { title: 'Tunnels in GRE beside those, by protocol type', rows: tunnels(GRE_TYPES, hex) },
    { title: 'Tunnels in UDP, by port', rows: tunnels(UDP_TUNNELS, String) },
    {
      title: 'Reports, by -f or the ending of the file',
      rows: Object.entries(FORMATS).map(([name, endings]) => row('', name, endings.join(' '))),
    },
    {
      title: 'Known, but not read',
      rows: PROBES.flatMap(({ name, open, convert = '' }) =>
        open === undefined && !compressions.has(name) ? row('', name, convert) : [],
      ),
    },
  ];
}

function tunnels(table: ReadonlyMap<number, { readonly name: string }>, told: (number: number) => string) {
  return [...table].map(([number, { name }]) => row(told(number), name));
}
