// Everything that moves the cursor, colours, or reorders text: C0 and C1 controls, line separators, bidi controls.
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text from a file or the service, safe to print: control characters are shown as `\x1b` or `\u202e`, so that nothing in
 * them reaches the terminal. Tabs and line ends stay.
 */
export function visible(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(invisible, (character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
  });
}

/** The same on one line: line ends and tabs are shown too. */
export function visibleLine(text: string): string {
  return visible(text.replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}

/** A path as an argument of a shell command, quoted where it must be. */
export function quoted(path: string): string {
  return /^[\w./@-]+$/.test(path) ? path : `'${visibleLine(path).replaceAll("'", "'\\''")}'`;
}
