import type { StackFamily } from '../../context/stacks.js';
import type { EndpointFacts, Reset } from '../../reset/types.js';
import type { Cause, Verdict } from '../../reset/vocabulary/verdict.js';
import { filled, parties, slotted } from './wording.js';

/**
 * What a cause advises speaks of Linux: its counters, its commands, its settings. Where the packets show that the host in
 * question runs another system, the advice is given in that system's terms, or left out where it has none.
 */

type Terms = readonly (readonly [RegExp, string])[];

/** nstat with its counters, and what is said of them. */
const COUNTERS = /nstat -az (?:(?:TcpExt|MPTcpExt|Tcp)\w+(?: or | )?)+(?:,? ?(?:both )?counts? up(?: for this)?)?/g;
/** ss with its options, state and filter. */
const LISTENING = /ss -ltn(?: 'sport = :([^']+)')?(?: \(Recv-Q over Send-Q\)| shows Recv-Q \(waiting connections\))?/g;
const SOCKETS = /ss -t\w+(?: state [\w-]+)?(?: '[^']*')?/g;
const KERNEL_LOG = /dmesg -T \| grep[^;\n]*/g;
/** When the host was started: every time, or last. */
const BOOTS = /uptime -s; last reboot/g;
const LAST_BOOT = /uptime -s/g;
/** Lines and settings that only Linux has. */
const LINUX_ALONE: Terms = [
  [/\nfirst one counts up: .*/g, ''],
  [/; sysctl net\.[\w.]+/g, ''],
  [/ and net\.core\.somaxconn/g, ''],
  [/, set net\.[\w.]+ back to \d+/g, ''],
  [/its log or dmesg/g, 'its log'],
  [/; with SO_REUSEPORT set net\.[\w.]+ = \d+/g, ''],
  [/; on Linux\s+net\.[\w.]+=\d+ gets around it/g, ''],
];

const WINDOWS: Terms = [
  ...LINUX_ALONE,
  [
    /remove SO_LINGER 0 \(.*?nolinger\) unless the abort is meant/g,
    "find the program: one of the system's own services ends connections so by routine, another sets SO_LINGER 0 or had ended",
  ],
  [COUNTERS, 'netstat -s -p tcp, "Reset Connections" counts up'],
  [LISTENING, 'Get-NetTCPConnection -State Listen -LocalPort $1'],
  [SOCKETS, 'Get-NetTCPConnection'],
  [KERNEL_LOG, "the Event Viewer's Application and System logs"],
  [/\(journalctl -u SERVICE\)/g, '(Event Viewer, System, Service Control Manager)'],
  [BOOTS, 'systeminfo (System Boot Time)'],
  [LAST_BOOT, 'systeminfo (System Boot Time)'],
];

/** macOS, iOS and the BSDs. */
const BSD: Terms = [
  ...LINUX_ALONE,
  [COUNTERS, 'netstat -s -p tcp'],
  [LISTENING, 'netstat -an -p tcp (LISTEN, port $1)'],
  [SOCKETS, 'netstat -an -p tcp'],
  [KERNEL_LOG, 'the system log'],
  [/ \(journalctl -u SERVICE\)/g, ''],
  [BOOTS, 'last reboot'],
  [LAST_BOOT, 'uptime'],
];

const TERMS: Partial<Record<StackFamily, Terms>> = { windows: WINDOWS, apple: BSD, bsd: BSD };

/** The end that a clause speaks of begins it: `on {sender.address}: …`, `On the {sender}: …`. */
const CLAUSES = /(?=[Oo]n (?:the )?\{(?:sender|receiver|client|server)(?:\.address)?\})/;
const SUBJECT = /\{(sender|receiver|client|server)/;

function inTerms(text: string, reset: Reset): string {
  const { client, server } = parties(reset);
  const ends: Record<string, EndpointFacts> = { sender: reset.sender, receiver: reset.receiver, client, server };
  return text
    .split(CLAUSES)
    .map((clause) => {
      const end = ends[SUBJECT.exec(clause)?.[1] ?? 'sender'];
      const terms = TERMS[end?.stack?.family ?? 'unknown'] ?? [];
      return terms.reduce((said, [linux, other]) => said.replace(linux, other), clause);
    })
    .join('');
}

/** What proves a cause on the host, for this reset: in the terms of the system that each end shows. */
export function lookOf({ confirm }: Pick<Cause, 'confirm'>, reset: Reset): string {
  return slotted(inTerms(confirm, reset), reset);
}

/** What to change, for this reset; where it was harmless though its cause need not be, that comes first. */
export function fixOf({ cause, reset, severity }: Pick<Verdict, 'cause' | 'reset' | 'severity'>): string {
  const fix = filled(inTerms(cause.fix, reset), reset);
  if (severity !== 'note' || cause.severity === 'note') return fix;
  return `Nothing was lost, and nothing need be done. If it is not wanted: ${fix.charAt(0).toLowerCase()}${fix.slice(1)}`;
}
