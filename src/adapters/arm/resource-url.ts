import { ServiceFailure } from "../../core/failure.ts";
import { serviceArmId, type ServiceRef } from "../../core/ports.ts";

/** The version of the management API that the bodies are written for. */
export const apiVersion = "2024-05-01";

export type ResourceUrls = {
  /** URL of an ARM path below the service; the empty path is the service itself. */
  readonly of: (path: string, query?: Readonly<Record<string, string>>) => string;
  /**
   * A URL that the service gave (nextLink, Location), made absolute. One on another host is refused: the access token
   * would go there.
   */
  readonly follow: (given: string, from: string, what: string) => string;
};

/** Builds and checks the URLs of one service behind one endpoint. Ids may hold any character: each segment is encoded. */
export function createResourceUrls(endpoint: string, service: ServiceRef): ResourceUrls {
  const base = endpoint + encodePath(serviceArmId(service));
  const { origin } = new URL(endpoint);
  return {
    of(path, query = {}) {
      const parameters = new URLSearchParams({ ...query, "api-version": apiVersion });
      const below = path === "" ? "" : `/${encodePath(path)}`;
      return `${base}${below}?${parameters.toString().replaceAll("+", "%20")}`;
    },
    follow(given, from, what) {
      const url = URL.canParse(given, from) ? new URL(given, from) : undefined;
      if (url?.origin === origin) return url.href;
      const where = url === undefined ? "something that is not a URL" : url.origin;
      throw new ServiceFailure(
        "SERVICE.FAILED",
        `the service's ${what} leads to ${where}, not to ${origin}`,
        {
          why: "following it would send the access token there",
          remedy: "Use the endpoint that the service itself names in its links.",
        },
      );
    },
  };
}

function encodePath(path: string): string {
  return path.split("/").map(encodeSegment).join("/");
}

/** `.` and `..` mean another resource once a URL is parsed, however they are encoded. */
function encodeSegment(segment: string): string {
  if (segment !== "." && segment !== "..") return encodeURIComponent(segment);
  throw new ServiceFailure("SERVICE.REJECTED", `\`${segment}\` cannot be the id of a resource`);
}
