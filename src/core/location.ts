/** A place in a file the user wrote. Lines and columns count from 1; the end is exclusive. */
export type Location = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** JSON pointer of the spec node, when the file is a gateway spec. */
  readonly pointer?: string;
};

/** `file:line:column`, the form editors and terminals turn into a link. */
export function formatLocation(at: Location): string {
  return `${at.file}:${at.line}:${at.column}`;
}
