/** Resources that are there and do not show yet: the service answers 404 for a while after 201 (azurerm#7539, #28201). */
import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Answer, ServiceRequest } from "./answer.ts";
import { notFound } from "./errors.ts";
import type { FaultPlan } from "./faults.ts";
import { kindOfCollection } from "./kinds/table.ts";
import { pathOfId } from "./references.ts";
import type { ServiceStore } from "./service-store.ts";
import { keyOf } from "./stored.ts";

type Absence = { reads: number; readonly until: number };

export class LateResources {
  readonly #absences = new Map<ServiceStore, Map<string, Absence>>();

  /** Remembers that a resource was created; `late` is undefined when it is to show at once. */
  created(service: ServiceStore, path: string, late: FaultPlan["late"], now: Date): void {
    const absences = this.#of(service);
    if (late === undefined) absences.delete(keyOf(path));
    else if ("reads" in late) absences.set(keyOf(path), { reads: late.reads, until: Infinity });
    else absences.set(keyOf(path), { reads: Infinity, until: now.getTime() + late.milliseconds });
  }

  /** Throws 404 when what is read, or something above it, does not show yet. Counts the read. */
  refuseRead({ service }: ServiceRequest, path: string, now: Date): void {
    const segments = path.split("/");
    for (let length = 2; length <= segments.length; length += 2) {
      const part = segments.slice(0, length);
      if (!this.#isAbsent(service, part.join("/"), now)) continue;
      const collection = part.slice(0, -1).map((segment, index) => (index % 2 === 0 ? segment : "*"));
      throw notFound(kindOfCollection(collection.join("/"))?.title ?? "Resource");
    }
  }

  /** A list without what does not show yet. Counts the read for each. */
  filterList({ service }: ServiceRequest, answer: Answer, now: Date): Answer {
    const { body } = answer;
    const value = isJsonObject(body) ? body["value"] : undefined;
    if (this.#of(service).size === 0 || !isJsonObject(body) || !Array.isArray(value)) return answer;
    const shown = value.filter((item: Json) => {
      const id = isJsonObject(item) && typeof item["id"] === "string" ? item["id"] : "";
      const path = pathOfId(service, id);
      return path === undefined || !this.#isAbsent(service, path, now);
    });
    const filtered: JsonObject = { ...body, value: shown };
    return { ...answer, body: filtered };
  }

  #isAbsent(service: ServiceStore, path: string, now: Date): boolean {
    const absences = this.#of(service);
    const absence = absences.get(keyOf(path));
    // While it is being imported it is not there anyway, and nobody has looked for it in vain.
    if (absence === undefined || service.get(path) === undefined) return false;
    if (absence.reads > 0 && now.getTime() < absence.until) {
      absence.reads -= 1;
      return true;
    }
    absences.delete(keyOf(path));
    return false;
  }

  #of(service: ServiceStore): Map<string, Absence> {
    const known = this.#absences.get(service) ?? new Map<string, Absence>();
    this.#absences.set(service, known);
    return known;
  }
}
