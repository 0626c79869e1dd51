import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../access/client.ts';
import { done } from '../access/passkeys.ts';
import type { Person } from '../access/people.ts';

const LONGEST_MS = 3_600_000;
const LOOK_MS = 15;

/** What the archive answers this person, who signs in anew when a jump of the clock has ended the session. */
export async function ask<T>(
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  let answer: Answer = await person.client.send(method, path, body);
  if (answer.status === 401) {
    await signIn(person);
    answer = await person.client.send(method, path, body);
  }
  try {
    return done(answer) as T;
  } catch (error) {
    throw new Error(`${method} ${path}: ${(error as Error).message}`);
  }
}

export async function signIn({ client, username, password }: Person): Promise<void> {
  const status = await client.signIn(username, password);
  if (status !== 200) throw new Error(`${username} signs in: ${status}`);
}

/** Looks again and again until it is so. */
export async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; waited < LONGEST_MS; waited += LOOK_MS) {
    if (await look()) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`${what} does not come to its end`);
}
