const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a over the UTF-16 units of a sample id, as a signed integer. */
export function originHash(externalId: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < externalId.length; i++) hash = Math.imul(hash ^ externalId.charCodeAt(i), FNV_PRIME);
  return hash | 0;
}
