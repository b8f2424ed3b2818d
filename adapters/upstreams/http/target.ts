export interface UpstreamBase {
  readonly origin: string;
  /** With the version, without a slash at the end: `/v1`, `/proxy/v1`. */
  readonly path: string;
}

const VERSION_SEGMENT = /^v\d+([a-z]+\d*)?$/;

/**
 * Where a vendor's API begins. Bases are published with and without their `/v1`, so it is added where no path segment is a
 * version yet (`/v1beta/openai` and `/api/v4` are complete as they are).
 */
export function upstreamBase(url: URL): UpstreamBase {
  const path = url.pathname.replace(/\/+$/, "");
  const versioned = path.split("/").some((segment) => VERSION_SEGMENT.test(segment));
  return Object.freeze({ origin: url.origin, path: versioned ? path : `${path}/v1` });
}

/** `target` is what the client asked for below the gate's prefix, with the query. */
export function locate(base: UpstreamBase, target: string): string {
  return `${base.path}${target}`;
}
