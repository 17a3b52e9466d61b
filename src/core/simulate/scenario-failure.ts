import { Failure } from "../failure.ts";
import { nearestName } from "../nearest-name.ts";

/** The scenario asks for what the gateway does not have, or has no end. */
export class ScenarioFailure extends Failure {
  override readonly name = "ScenarioFailure";
  /** JSON pointer of the entry of the scenario that it is about. */
  readonly pointer: string;

  constructor(code: string, message: string, pointer: string, remedy: string | undefined) {
    super(code, message, remedy === undefined ? {} : { remedy });
    this.pointer = pointer;
  }
}

/** What to write instead: the nearest name when one was written, else those that there are. */
export function nameInstead(names: readonly string[], wanted?: string): string | undefined {
  const nearest = wanted === undefined ? undefined : nearestName(wanted, names);
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`;
  if (names.length === 0) return undefined;
  return `name one of: ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`;
}
