// @ts-check
/* The domain that an issuer's identifier stands on. It says where the keys lie, not who is there. */

/** The host (and port) that a did:web or did:webvh stands on; "" for others. @param {string} did */
export function domainOf(did) {
  const [, method, ...rest] = did.split(":");
  const host = method === "web" ? rest[0] : method === "webvh" ? rest[1] : "";
  const place = (host ?? "").replace("%3A", ":");
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  return new RegExp(`^${label}(?:\\.${label})*(?::[1-9][0-9]{0,4})?$`).test(place) ? place : "";
}
