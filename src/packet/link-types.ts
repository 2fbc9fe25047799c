/** Names of link types by LINKTYPE_ value (https://www.tcpdump.org/linktypes.html). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'ETHERNET',
  9: 'PPP',
  10: 'FDDI',
  12: 'RAW',
  14: 'RAW',
  50: 'PPP_HDLC',
  51: 'PPP_ETHER',
  101: 'RAW',
  104: 'C_HDLC',
  105: 'IEEE802_11',
  108: 'LOOP',
  113: 'LINUX_SLL',
  117: 'PFLOG',
  119: 'IEEE802_11_PRISM',
  127: 'IEEE802_11_RADIOTAP',
  163: 'IEEE802_11_AVS',
  192: 'PPI',
  204: 'PPP_WITH_DIR',
  219: 'MPLS',
  228: 'IPV4',
  229: 'IPV6',
  239: 'NFLOG',
  258: 'PKTAP',
  276: 'LINUX_SLL2',
};

/** `ETHERNET`, or the number where it has no name here. */
export function linkTypeName(linkType: number): string {
  return NAMES[linkType] ?? String(linkType);
}
