import * as columns from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import { Column } from './column.js';
import type { Endings } from './endings.js';
import { EndpointMap } from './endpoint-map.js';
import type { Hosts } from './hosts.js';
import { Listener } from './listener.js';
import { parseWords } from './parse-words.js';
import type { Place } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

const LISTENERS = 262_144;
/** Clients of all listeners, and of one. */
const CLIENTS = 262_144;
const CLIENTS_OF_ONE = 1024;

/** The client's side: the SYN's sender; without a SYN the one with the ephemeral port, else the first to speak. */
export function clientSide(connection: Connection): 0 | 1 {
  if (connection.client >= 0) return connection.client as 0 | 1;
  return connection.port(0) < 32768 && connection.port(1) >= 32768 ? 1 : 0;
}

/**
 * The parties to connections: listeners, and hosts as clients of a listener. They have the numbers by which their
 * endings are followed. A party is looked up once for a connection: its number stays in the row, with the side that
 * was the client then.
 */
export class Parties {
  private readonly listeners: EndpointMap<Listener>;
  /** By address of the client and number of the listener: the party, -1 where there are too many. */
  private readonly clients: EndpointMap<number>;
  /** By party: number of its host + 1, 0 while not asked for. */
  private readonly hostOf = new Column();
  private readonly words = new Int32Array(4);

  constructor(
    private readonly hosts: Hosts,
    endings: Endings,
  ) {
    this.listeners = new EndpointMap<Listener>((number) => new Listener(number, endings.add()), LISTENERS);
    this.clients = new EndpointMap<number>(() => endings.add(), CLIENTS);
  }

  /** The listener of the connection, undefined where there are too many. */
  listener(connection: Connection, client: number = clientSide(connection)): Listener | undefined {
    const known = connection.word(c.LISTENER);
    if (known !== 0 && (known & 1) === client) return this.listeners.values[(known >> 1) - 1];
    const server = client ^ 1;
    const number = this.listeners.number(connection.table.words, connection.addressAt(server), connection.port(server));
    if (number < 0) return undefined;
    connection.setWord(c.LISTENER, ((number + 1) << 1) | client);
    return this.listeners.values[number];
  }

  /** The party that is the client of this connection to `listener`, -1 where there are too many. */
  client(connection: Connection, listener: Listener): number {
    const client = clientSide(connection);
    const known = connection.word(c.LISTENER_CLIENT);
    if (known !== 0 && (known & 1) === client) return (known >> 1) - 1;
    const { words } = connection.table;
    const at = connection.addressAt(client);
    let index = this.clients.find(words, at, listener.number);
    if (index < 0 && listener.clients < CLIENTS_OF_ONE) {
      index = this.clients.number(words, at, listener.number);
      listener.clients++;
    }
    const party = index < 0 ? -1 : this.clients.values[index];
    connection.setWord(c.LISTENER_CLIENT, ((party + 1) << 1) | client);
    return party;
  }

  /** The party at this side, where the row has it already; else -1. */
  known(connection: Connection, side: number): number {
    const client = connection.word(c.LISTENER_CLIENT);
    if (client !== 0 && (client & 1) === side) return (client >> 1) - 1;
    const listener = connection.word(c.LISTENER);
    if (listener !== 0 && (listener & 1) !== side) return this.listeners.values[(listener >> 1) - 1].party;
    return -1;
  }

  /** Number of the host at this side, -1 where there are too many. */
  host(connection: Connection, side: number): number {
    const party = this.known(connection, side);
    const known = party < 0 ? 0 : this.hostOf.get(party);
    if (known > 0) return known - 1;
    const host = this.hosts.number(connection.table.words, connection.addressAt(side));
    if (party >= 0) this.hostOf.set(party, host + 1);
    return host;
  }

  /** The listener at a place of the capture. */
  listenerAt(place: Place): Listener | undefined {
    return this.listeners.get(parseWords(place.address, this.words), 0, place.port);
  }

  /** The party that the host with this address is as client of `listener`, -1 when it is none. */
  clientAt(address: string, listener: Listener): number {
    return this.clients.get(parseWords(address, this.words), 0, listener.number) ?? -1;
  }
}
