import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import type { Cause, NullableField, SignatureResult, With } from './verdict.js';

type Definition<K extends NullableField> = Omit<Cause, 'needs' | 'signature'> & {
  readonly needs: readonly K[];
  readonly signature: (reset: With<K>, context: Context, limits: Limits) => SignatureResult;
};

/**
 * Makes a cause. `needs` names the nullable fields of {@link Reset} that the signature reads; in the
 * signature they are not null, because the judge skips the cause where one is (and says so).
 *
 *     const ours = defineCause({ id: 'our-deploy', …, shapes: ['active'], needs: ['handshake'], signature: (reset) => … });
 *     await diagnose(input, { causes: [ours, ...causes] });
 */
export function defineCause<const K extends NullableField = never>(definition: Definition<K>): Cause {
  return Object.freeze(definition as unknown as Cause);
}
