import { EndpointIndex } from './endpoint-index.js';

/** Targets of one source that are told apart; a scan is clear long before. */
const TARGETS = 4096;
/** There is room for so many at first. */
const FEW = 8;

/** Targets that one source tried, and their hosts and ports. */
export class Targets {
  readonly ports = new Set<number>();
  readonly hosts = new EndpointIndex(TARGETS, FEW);
  private told = new EndpointIndex(TARGETS, FEW);

  /** The server whose address is at `words[at]` was tried: is it new among the targets? */
  add(words: Int32Array, at: number, port: number): boolean {
    const { size } = this.told;
    const target = this.told.number(words, at, port);
    if (target >= 0 && target < size) return false;
    if (this.ports.size < TARGETS) this.ports.add(port);
    this.hosts.number(words, at, 0);
    return true;
  }

  /** Where no more are told apart, starts anew; hosts and ports stay. */
  makeRoom(): void {
    if (this.told.size >= TARGETS) this.told = new EndpointIndex(TARGETS, FEW);
  }
}
