// npm run prove -- TOPIC: proofs of the product, on this machine, through its public doors.
import { proveAccess } from './prove/access.ts';
import { proveAudit } from './prove/audit.ts';
import { proveCrash } from './prove/crash.ts';
import { proveErasure } from './prove/erasure.ts';
import { proveLargeUpload } from './prove/large-upload.ts';
import { proveLedger } from './prove/ledger.ts';
import { proveMain } from './prove/main.ts';
import { proveRecovery } from './prove/recovery.ts';
import { proveRedaction } from './prove/redaction.ts';
import { proveRetention } from './prove/retention.ts';

const TOPICS: Record<string, (say: (line: string) => void) => Promise<string[]>> = {
  access: proveAccess,
  main: proveMain,
  large: proveLargeUpload,
  redaction: proveRedaction,
  ledger: proveLedger,
  recovery: proveRecovery,
  crash: proveCrash,
  retention: proveRetention,
  audit: proveAudit,
  erasure: proveErasure,
};

const [topic = ''] = process.argv.slice(2);
const prove = TOPICS[topic];
if (prove === undefined) {
  console.error(`usage: npm run prove -- ${Object.keys(TOPICS).join('|')}`);
  process.exit(2);
}
const problems = await prove((line) => console.log(line)).catch((error: unknown) => [
  String((error as Error).stack ?? error),
]);
for (const problem of problems) console.log(`  ${problem}`);
if (problems.length > 0) console.log(`prove ${topic}: FAIL ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
