import type { z } from 'zod';
import type { Role } from '../vocabulary.ts';

/** What an answer carries: a schema as JSON, or bytes of these media types. */
export interface Answer {
  says: string;
  schema?: z.ZodType;
  bytes?: readonly string[];
  headers?: Readonly<Record<string, string>>;
}

/** One route as the document tells of it. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `:id` as Fastify writes it. */
  path: string;
  summary: string;
  /**
   * Whoever reaches the port; whoever has signed in; a person with a session; a service with a key
   * for that, which `action` names; or these roles.
   */
  who: 'anyone' | 'signed-in' | 'person' | 'service-key' | readonly Role[];
  /** What the policy calls it, where roles decide; of several, one is needed. */
  action?: string | readonly string[];
  /** A key of this scope gets through as well. */
  keyScope?: string;
  more?: string;
  query?: z.ZodObject;
  headers?: Readonly<Record<string, string>>;
  body?: z.ZodType | 'upload' | 'vcon';
  answers: Readonly<Record<number, Answer>>;
  /** Codes beside those that follow from the above. */
  problems?: Readonly<Record<number, readonly string[]>>;
}
