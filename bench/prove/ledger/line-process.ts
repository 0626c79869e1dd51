import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line of JSON with one, as long as its input is open. */
export class LineProcess<Question extends object, Answer> {
  readonly #child: ChildProcess;
  readonly #waiting: ((answer: Answer) => void)[] = [];
  #words = '';

  constructor(command: string, args: string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#words += chunk.toString();
    });
    const input = this.#child.stdout;
    if (input === null) throw new Error('no output');
    createInterface({ input }).on('line', (line) => this.#waiting.shift()?.(JSON.parse(line)));
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the program ended: ${this.#words}`));
      this.#child.once('exit', ended);
      this.#waiting.push((answer) => {
        this.#child.off('exit', ended);
        resolve(answer);
      });
      this.#child.stdin?.write(`${JSON.stringify({ id: 'q', ...question })}\n`);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    await gone;
  }
}
