/** The head of an exported module: whose it is, and that it is made anew. */
export function writtenBy(owner: string): string[] {
  return [mark(owner), "The next export overwrites changes made here: change the spec instead."];
}

/** Whether a text is the main file of an earlier export of this spec. */
export function isWrittenFor(owner: string, text: string): boolean {
  return text.slice(0, 2000).includes(mark(owner));
}

function mark(owner: string): string {
  return `Written by apimgw export, spec '${owner}'.`;
}
