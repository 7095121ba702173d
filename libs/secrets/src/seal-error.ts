const TEXTS = {
  'not-sealed': 'is not a sealed value',
  'unknown-key': 'is sealed under a key that ENCRYPTION_KEYS does not have',
  altered: 'does not open: altered, of another purpose, or sealed under another key of that name',
} as const;

/** A stored secret that cannot be read. Names purpose and key, never the value. */
export class SealError extends Error {
  constructor(
    readonly reason: keyof typeof TEXTS,
    readonly purpose: string,
    readonly keyId: string | null = null,
    cause?: unknown,
  ) {
    super(`A stored secret (${purpose}${keyId === null ? '' : `, key ${keyId}`}) ${TEXTS[reason]}.`, { cause });
    this.name = 'SealError';
  }
}
