/** The initial TTL a packet most likely started with: 64, 128 or 255. */
export function initialTtl(ttl: number): number {
  return ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}
