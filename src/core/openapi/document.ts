/** What apimgw needs to know of an OpenAPI document. */
export type OpenApiOperation = {
  /** The operation's name on the service once imported. */
  readonly id: string;
  /** Upper case, as ARM has it: `POST`. */
  readonly method: string;
  /** URL template, such as `/deployments/{deployment-id}/chat/completions`. */
  readonly path: string;
  /** The body is a form with parts, as for uploads of files, and nothing else. */
  readonly takesForm?: true;
};

export type OpenApiDocument = {
  readonly file: string;
  readonly version: "2.0" | "3.0" | "3.1";
  /** Empty when the document gives none. */
  readonly title: string;
  /** In the document's order. */
  readonly operations: readonly OpenApiOperation[];
  /** The whole document as JSON text, what is imported: without byte order mark, keys in the document's order. */
  readonly json: string;
};
