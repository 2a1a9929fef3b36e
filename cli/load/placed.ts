// Puts the location of an error into its stack, since only text is passed on from the thread of the module hooks.

/** The error, with a location in front of its stack. */
export function placed(error: Error, url: string, line: number): Error {
  error.stack = `${url}:${line}\n${error.stack}`;
  return error;
}
