// Preloaded into the process of a proof's own archive (node --import): its clock goes ahead by the
// milliseconds that stand in the file PROVE_CLOCK. The archive itself has no such door.
import { readFileSync } from 'node:fs';

const file = process.env['PROVE_CLOCK'] ?? '';
const realNow = Date.now.bind(Date);
let aheadMs = 0;

function read(): void {
  try {
    aheadMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // Written anew at this moment: the next look finds it.
  }
}

read();
setInterval(read, 20).unref();
Date.now = () => realNow() + aheadMs;
globalThis.Date = new Proxy(Date, {
  construct: (real, args, made) =>
    Reflect.construct(real, args.length === 0 ? [Date.now()] : args, made) as Date,
  apply: () => new Date().toString(),
});
