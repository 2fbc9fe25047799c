/** The names of alerts are those of RFC 8446 §6, as anybody would search for them. */
import { expect, test } from 'vitest';
import { TLS_ALERTS } from '../../../src/reset/vocabulary/tls-alerts.js';

test('every alert of the RFC that ends a connection has its name', () => {
  expect(Object.entries(TLS_ALERTS).map(([number, name]) => `${number} ${name}`)).toEqual([
    '10 unexpected_message',
    '20 bad_record_mac',
    '22 record_overflow',
    '40 handshake_failure',
    '42 bad_certificate',
    '43 unsupported_certificate',
    '44 certificate_revoked',
    '45 certificate_expired',
    '46 certificate_unknown',
    '47 illegal_parameter',
    '48 unknown_ca',
    '49 access_denied',
    '50 decode_error',
    '51 decrypt_error',
    '70 protocol_version',
    '71 insufficient_security',
    '80 internal_error',
    '86 inappropriate_fallback',
    '90 user_canceled',
    '109 missing_extension',
    '112 unrecognized_name',
    '113 bad_certificate_status_response',
    '115 unknown_psk_identity',
    '116 certificate_required',
    '120 no_application_protocol',
  ]);
});
