// Text that is shown as it is written: a caption, a name or a message may come from anywhere, and what it holds must not
// move a cursor, colour a terminal or turn the direction of the text around it.

/** Control characters, and those that reorder text or have no width, as `\\u001b`: seen, and without effect. */
export const visible = (given: string): string =>
  given.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
