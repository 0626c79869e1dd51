import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVoxkeep } from '../recovery/rebuild.ts';
import type { OldRow } from './old-rows.ts';
import type { Stage } from './stage.ts';

/** Each record's certificate, verified offline by the command. Resolves to how many there were. */
export async function judgeCertificates(
  stage: Stage,
  due: readonly OldRow[],
  problems: string[],
): Promise<string> {
  const { client } = stage.staff.officer;
  let verified = 0;
  for (const { id } of due) {
    const answer = await client.get(`/records/${id}/disposal/certificate`);
    if (answer.status !== 200) {
      problems.push(`the certificate of ${id} is answered ${answer.status}`);
      return 'no certificates';
    }
    const file = join(stage.archive.folder, `certificate-${id}.json`);
    writeFileSync(file, answer.bytes);
    const { code, err } = await runVoxkeep(['verify', 'certificate', file], {});
    if (code === 0) verified += 1;
    else problems.push(`the certificate of ${id} does not verify: ${err}`);
  }
  return `${verified} certificates verified offline`;
}
