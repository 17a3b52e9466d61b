import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createArmService } from "../../../src/adapters/arm/arm-service.ts";
import { Failure } from "../../../src/core/failure.ts";
import type { LiveService } from "../../../src/core/ports.ts";
import { connect, createFakeClock, failureOf, startFakeArm } from "./fake-arm.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function azure(): Promise<LiveService> {
  return createArmService({
    service: { subscriptionId: "00000000-0000-0000-0000-000000000001", resourceGroup: "rg", name: "apim" },
    cloud: "AzureCloud",
    token: "given",
    clock: createFakeClock(),
    userAgent: "apimgw/0.0.0",
  });
}

/** A proxy that refuses all it is asked to connect to. */
async function startProxy(): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end(
      "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

describe("proxy", () => {
  it("goes to Azure through HTTPS_PROXY", async () => {
    const proxy = await startProxy();
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    const service = await azure();
    const failure = await failureOf(service.get("backends/x"));
    proxy.close();
    expect(proxy.asked).toEqual(["management.azure.com:443"]);
    expect(failure.status).toBe(407);
    expect(failure.remedy).toMatch(/HTTPS_PROXY/);
  });

  it("goes to loopback without it", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    const { service, arm } = await connect([{ json: { name: "x", properties: {} } }]);
    expect((await service.get("backends/x"))?.path).toBe("backends/x");
    await arm.close();
  });

  it.each(["proxy.contoso.example:8080", "nonsense", "socks5://127.0.0.1:1080"])(
    "refuses the setting %s, which the SDK would misread",
    async (setting) => {
      vi.stubEnv("HTTPS_PROXY", setting);
      await expect(azure()).rejects.toThrow(Failure);
      await expect(azure()).rejects.toMatchObject({ code: "USAGE.PROXY" });
    },
  );
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);
if (!hasIpv6) console.warn("this machine has no IPv6 loopback: the test of http://[::1] is left out");

describe.skipIf(!hasIpv6)("IPv6 loopback", () => {
  it("is reached", async () => {
    const arm = await startFakeArm([{ json: { name: "x", properties: {} } }], "::1");
    const { service, arm: unused } = await connect([], { endpoint: arm.url });
    expect((await service.get("backends/x"))?.path).toBe("backends/x");
    await Promise.all([arm.close(), unused.close()]);
  });
});
