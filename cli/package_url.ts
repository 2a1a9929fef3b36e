// Where the package lies. In dist/ this file is linked into a script that lies in the same folder, so the path holds.

/** The URL of the folder that holds `cli/`: dist/, or the sources in a test. */
export const packageUrl = new URL('../', import.meta.url).href;
