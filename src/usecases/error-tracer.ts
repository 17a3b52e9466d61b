import type { Failure } from "../core/failure.ts";
import type { Resource } from "../core/model/resource.ts";
import { errorPlaces, missingNameRemedy } from "../core/service-errors/error-places.ts";
import type { ErrorTrace } from "./apply.ts";
import type { SoundGateway } from "./load-gateway.ts";

/** Traces what the service refuses about a gateway's resources to places in the files that it was loaded from. */
export function errorTracer(gateway: SoundGateway): (resource: Resource, failure: Failure) => ErrorTrace {
  const origins = { ...gateway, source: gateway.parsed.source };
  return (resource, failure) => {
    const places = errorPlaces(resource, failure, origins);
    return { places, remedy: missingNameRemedy(places) };
  };
}
