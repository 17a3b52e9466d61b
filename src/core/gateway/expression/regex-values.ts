/** Regular expressions and what they find. */
import type { ObjectValue } from "./values.ts";

export class RegexValue implements ObjectValue {
  readonly kind = "Regex";
  constructor(
    readonly pattern: string,
    /** The pattern in JavaScript's words, with `g` and `d`. */
    readonly compiled: RegExp,
  ) {}
}

/** A capture, group or match: text and place. */
export class RegexCapture implements ObjectValue {
  constructor(
    readonly kind: "Group" | "Match",
    readonly name: string,
    readonly value: string,
    readonly index: number,
    readonly isSuccess: boolean,
    /** Of a match: all groups, the whole first. */
    readonly groups: readonly RegexCapture[] = [],
    /** Of a match: the one after it. */
    readonly next: () => RegexCapture | undefined = () => undefined,
  ) {}
}

/** `Match.Groups`. */
export class GroupsValue implements ObjectValue {
  readonly kind = "GroupCollection";
  constructor(readonly groups: readonly RegexCapture[]) {}
}
