// Printable text: a caption, a name or a message may come from anywhere, and its characters must not move a cursor,
// colour a terminal or reverse the direction of the surrounding text.

/** Control characters, and those that reorder text or have no width, become `\\u001b`: visible, and without effect. */
export const visible = (given: string): string =>
  given.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
