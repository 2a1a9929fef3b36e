// An error that tells where it is, as a stack does: what crosses from the thread of the module hooks is its text.

/** The error, with a place in front of its stack. */
export function placed(error: Error, url: string, line: number): Error {
  error.stack = `${url}:${line}\n${error.stack}`;
  return error;
}
