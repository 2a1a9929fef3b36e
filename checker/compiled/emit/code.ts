// A writer of JavaScript text: lines, indented blocks, and one place where text becomes a function.
//
//   code.block('if (x > 0)', () => code.write('n++;'))      if (x > 0) {
//                                                             n++;
//                                                           }

export class Code {
  readonly #lines: string[] = [];
  #indent = '';

  write(...lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(this.#indent + line);
  }

  block(head: string, body: () => void, end = '}'): void {
    this.write(`${head} {`);
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    body();
    this.#indent = outer;
    this.write(end);
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  /** Makes the text the body of a function of one argument. The caller vouches for the types. */
  compile<Argument, Result>(name: string): (argument: Argument) => Result {
    return new Function(name, `'use strict';\n${this.text}`) as (argument: Argument) => Result;
  }
}
