/** The disk as lint of loose policy documents needs it: a port, beside `Files`. */
export type FoundFile = {
  /** As it is shown: relative to the working directory where it lies below it, with `/`. */
  readonly path: string;
  /** Named on the command line, and not only found in a folder or by a pattern. */
  readonly isNamed: boolean;
};

/** A text, or why there is none. */
export type ReadText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "too-large"; readonly bytes: number | undefined }
  /** `before`: the readable text before the first byte that is not UTF-8. */
  | { readonly kind: "not-utf8"; readonly why: string; readonly before: string }
  | { readonly kind: "unreadable"; readonly why: string };

export interface PolicyFiles {
  /**
   * Files that paths, folders and patterns mean: each once, in code-unit order. Files in folders and by patterns end in `.xml` and
   * are not ignored by git. Throws Failure `FILE.NOT_FOUND` for a path that does not exist and a pattern that fits nothing.
   */
  find(paths: readonly string[]): Promise<readonly FoundFile[]>;
  /** Reads at most `limit` bytes' worth of a file; a larger one is not read at all. Never throws for what the file is like. */
  readText(path: string, limit: number): Promise<ReadText>;
  /** The first characters of a file, however large it is; empty when it cannot be read. */
  readHead(path: string): Promise<string>;
  /** Standard input, in the same terms. */
  readInput(limit: number): Promise<ReadText>;
  /** Paths of all files below a folder, relative to it, with `/`, sorted. Undefined when it is no folder. */
  listFolder(path: string): Promise<readonly string[] | undefined>;
}

/** Larger files are not read: no document of this size can be one. */
export const largestFile = 8 * 1024 * 1024;
