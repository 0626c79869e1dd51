import { z } from 'zod';

export type Json = Record<string, unknown>;

/**
 * Schemas of the document. Those with an id in their meta data become named components; everything
 * else is written out where it is used.
 */
export class Components {
  readonly schemas: Record<string, Json> = {};
  readonly responses: Record<string, Json> = {};

  /**
   * `io` tells a body that is sent, where defaults may be left out and unknown fields are refused,
   * from an answer, which may gain fields.
   */
  schema(type: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema,
      $defs = {},
      ...root
    } = z.toJSONSchema(type, { io }) as Json & {
      $defs?: Record<string, Json>;
    };
    const tidied = (schema: Json) => tidy(io === 'output' ? opened(schema) : schema) as Json;
    for (const [id, schema] of Object.entries($defs)) this.#define(id, tidied(schema));
    return tidied(root);
  }

  /** A reference to the answer of these codes. */
  problem(codes: readonly string[], schema: Json): Json {
    const name = codes.join('.');
    this.responses[name] ??= {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema } },
    };
    return { $ref: `#/components/responses/${name}` };
  }

  #define(id: string, schema: Json): void {
    const known = this.schemas[id];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new TypeError(`two schemas are called ${id}`);
    }
    this.schemas[id] = schema;
  }
}

function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'additionalProperties' || inner !== false)
      .map(([key, inner]) => [key, opened(inner)]),
  );
}

/** References to components; no bounds that only say "a number of JavaScript", no date patterns. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== 'object') return value;
  const schema = value as Json;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, inner]) => {
        if (key === 'minimum') return inner !== Number.MIN_SAFE_INTEGER;
        if (key === 'maximum') return inner !== Number.MAX_SAFE_INTEGER;
        return key !== 'pattern' || schema.format === undefined;
      })
      .map(([key, inner]) =>
        key === '$ref'
          ? [key, String(inner).replace('#/$defs/', '#/components/schemas/')]
          : [key, tidy(inner)],
      ),
  );
}
