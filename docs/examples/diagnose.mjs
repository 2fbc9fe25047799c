// Which connections lost work, and why: node docs/examples/diagnose.mjs capture.pcap
import { CaptureError, diagnose } from 'whyrst'; // in a browser: diagnose(new Uint8Array(await file.arrayBuffer()))
import { openCapture } from 'whyrst/node';

const [path] = process.argv.slice(2);
try {
  const { verdicts, findings } = await diagnose(openCapture(path), { file: path, limits: { settle: 5_000 } });
  for (const { id, role, cause, confidence, severity, evidence } of verdicts) {
    if (role !== 'first' || severity === 'note') continue;
    console.log(`${id} ${cause.id} (${confidence})`);
    for (const { frame, text } of evidence) console.log(`  ${frame ?? '-'}: ${text}`);
  }
  for (const { count, cause, where } of findings) console.log(`${count} × ${cause.id} at ${where}`);
} catch (error) {
  if (!(error instanceof CaptureError)) throw error;
  console.error(`${path}: ${error.message}`);
  process.exitCode = 2;
}
