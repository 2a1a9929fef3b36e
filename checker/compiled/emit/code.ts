// A writer of program text: lines and indented blocks.
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
    this.write(`${head} {`.trimStart());
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    body();
    this.#indent = outer;
    this.write(end);
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  /** Makes the text the body of a JavaScript function of one argument. The caller is responsible for the types. */
  compile<Argument, Result>(name: string): (argument: Argument) => Result {
    return new Function(name, `'use strict';\n${this.text}`) as (argument: Argument) => Result;
  }
}

/** A text that is safe in a comment of one line, in JavaScript and in C: what could end the line or joins it to the next is left out. */
export const commentText = (text: string): string => text.replace(/[^ -~]|\\/g, '?');
