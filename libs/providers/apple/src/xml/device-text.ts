/** What an export says of the device that measured. Null: not said. */
export interface DeviceFacts {
  readonly name: string | null;
  /** `Watch`, `iPhone`. */
  readonly model: string | null;
  /** Product code: `Watch7,1`. */
  readonly hardware: string | null;
  readonly software: string | null;
}

const NO_DEVICE: DeviceFacts = { name: null, model: null, hardware: null, software: null };

/**
 * `<<HKDevice: 0x1>, name:Demo Watch, manufacturer:Demo Inc., model:Watch, hardware:Watch9,9, software:30.1>`: parts
 * are separated by a comma and a blank, so the comma of a product code does not end it.
 */
export function parseDevice(text: string | undefined): DeviceFacts {
  if (!text) return NO_DEVICE;
  const facts = new Map<string, string>();
  for (const part of text.replace(/^<+|>+$/g, '').split(', ')) {
    const colon = part.indexOf(':');
    if (colon > 0) facts.set(part.slice(0, colon).trim(), part.slice(colon + 1).trim());
  }
  const fact = (name: string): string | null => facts.get(name) || null;
  return { name: fact('name'), model: fact('model'), hardware: fact('hardware'), software: fact('software') };
}
