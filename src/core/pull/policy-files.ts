/** Policy files beside the spec: what they are called, and their text. */
import { samePolicy } from "../policy/canonical.ts";
import { element, policyDocument } from "../policy/build.ts";
import { parsePolicyNodes } from "../policy/parse.ts";
import { printPolicyNodes } from "../policy/print.ts";
import type { PolicyNode } from "../policy/tree.ts";

export type PolicyFile = {
  /** Relative to the spec, with `/`. */
  readonly path: string;
  readonly text: string;
  /** ARM path of the resource whose policies these are. */
  readonly resource: string;
};

/** Collects files; two never share a name, not even on disks that ignore case. */
export class PolicyFiles {
  readonly files: PolicyFile[] = [];
  readonly #taken = new Set<string>();

  /** Adds a file and returns what the spec says for it. The last segment gets the ending. */
  add(
    resource: string,
    segments: readonly string[],
    nodes: readonly PolicyNode[],
  ): { readonly file: string } {
    const name = segments.map(safeName).join("/");
    let path = `policies/${name}.xml`;
    for (let n = 2; this.#taken.has(path.toLowerCase()); n++) path = `policies/${name}-${n}.xml`;
    this.#taken.add(path.toLowerCase());
    this.files.push({ path, text: policyText(nodes), resource });
    return { file: path };
  }
}

/** A name that every file system takes: ids may hold quotes, bars and letters of any script. */
function safeName(id: string): string {
  const name = id.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\./, "_");
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name) ? `_${name}` : name;
}

/** As `fmt` lays it out; with expressions escaped where the plain form would be read as something else. */
function policyText(nodes: readonly PolicyNode[]): string {
  const plain = withLineEnd(printPolicyNodes(nodes, { dialect: "rawxml" }));
  return isReadAs(plain, nodes) ? plain : withLineEnd(printPolicyNodes(nodes, { dialect: "xml" }));
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function isReadAs(text: string, nodes: readonly PolicyNode[]): boolean {
  const parsed = parsePolicyNodes(text, { dialect: "auto" });
  const whole = (children: readonly PolicyNode[]) => policyDocument(element("fragment", {}, children));
  return parsed.ok && samePolicy(whole(parsed.nodes), whole(nodes));
}
