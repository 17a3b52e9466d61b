/** What a spec expects on the service without making it. */
import { stringMember } from "../model/kind-definition.ts";
import { kinds } from "../model/kinds/index.ts";
import type { Expected, Model } from "../model/resource.ts";
import type { Problem } from "../problem.ts";
import type { LiveEntry, LiveModel } from "./live.ts";

/** Whether an entry is what is expected. Ids are compared without regard to case, display names are not. */
export function isExpected({ kind, name }: Expected, entry: LiveEntry): boolean {
  if (kind === "namedValue")
    return entry.kind === kind && (stringMember(entry.properties, "displayName") ?? entry.id) === name;
  const isKind = entry.kind === kind || (kind === "backend" && entry.kind === "pool");
  return isKind && entry.id.toLowerCase() === name.toLowerCase();
}

/** A problem for each that the service lacks. */
export function missingOnService({ expected }: Model, live: LiveModel): Problem[] {
  const missing = expected.filter((each) => !live.entries.some((entry) => isExpected(each, entry)));
  return missing.map(({ kind, name, at, help }) => {
    const what = kind === "backend" ? "backend or pool" : kinds[kind].title;
    const message = `there is no ${what} \`${name}\` on the service`;
    return { rule: `${kindWord[kind]}-missing`, severity: "error", message, at, help };
  });
}

const kindWord: Readonly<Record<Expected["kind"], string>> = {
  backend: "backend",
  fragment: "fragment",
  logger: "logger",
  namedValue: "named-value",
};
