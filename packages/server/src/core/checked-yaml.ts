import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** One thing that is wrong in a configuration file. `line` counts from 1. */
export interface YamlProblem {
  line: number;
  /** Path of the field, 'rules/2/id'; empty for the file as a whole. */
  field: string;
  message: string;
}

export interface CheckedYaml<Value> {
  value: Value | undefined;
  problems: YamlProblem[];
}

/**
 * Reads YAML text against a schema and names every problem at once, each with its line. `review`
 * adds what a schema cannot say (names used twice, references that lead nowhere). `value` is there
 * only when there is no problem.
 */
export function checkYaml<Shape extends z.ZodType>(
  text: string,
  schema: Shape,
  review: (value: z.infer<Shape>) => { path: (string | number)[]; message: string }[] = () => [],
): CheckedYaml<z.infer<Shape>> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      line: lineCounter.linePos(error.pos[0]).line,
      field: '',
      message: error.message,
    }));
    return { value: undefined, problems };
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
    }
    return 1;
  };
  const problem = (path: readonly PropertyKey[], message: string): YamlProblem => ({
    line: lineOf(path),
    field: path.map(String).join('/'),
    message,
  });
  let json: unknown;
  try {
    json = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { value: undefined, problems: [problem([], 'repeats an alias too often')] };
  }
  const parsed = schema.safeParse(json);
  const problems = parsed.success
    ? review(parsed.data).map(({ path, message }) => problem(path, message))
    : parsed.error.issues.map((issue) => problem(issue.path, issue.message));
  problems.sort((a, b) => a.line - b.line);
  return { value: parsed.success && problems.length === 0 ? parsed.data : undefined, problems };
}

/** The problems as lines of one message: 'file.yaml:12 rules/0/id: is used twice'. */
export function describeProblems(sourceName: string, problems: readonly YamlProblem[]): string {
  return problems
    .map(
      ({ line, field, message }) =>
        `${sourceName}:${line} ${field === '' ? '' : `${field}: `}${message}`,
    )
    .join('\n');
}
