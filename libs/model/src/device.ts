import { loadTable, shape } from './json-table.js';

export const DEVICE_TYPES = ['watch', 'band', 'phone', 'scale', 'ring', 'other', 'unknown'] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];

const deviceType = shape.oneOf(...DEVICE_TYPES);
const prefixRules = shape.list(shape.object({ prefix: shape.text, type: deviceType }));

const rules = loadTable(
  new URL('./data/device-rules.json', import.meta.url),
  shape.object({
    modelPrefixes: prefixRules,
    modelWords: shape.list(
      shape.object({ anywhere: shape.list(shape.text), words: shape.list(shape.text), type: deviceType }),
    ),
    productCodes: prefixRules,
    sourceNames: shape.list(shape.object({ words: shape.list(shape.text), type: deviceType })),
    payloadTypes: shape.record(deviceType),
  }),
);

/** Product codes of Apple and Samsung devices to marketing names. */
const marketingNames = new Map(
  Object.entries(loadTable(new URL('./data/device-models.json', import.meta.url), shape.record(shape.text))),
);

/** Product codes that have a marketing name. */
export const DEVICE_MODELS: readonly string[] = [...marketingNames.keys()];

/** Words count only where no letter touches them, so that `ring` does not match `monitoring`. */
const wholeWords = (words: readonly string[]): RegExp =>
  words.length === 0 ? /$^/ : new RegExp(`(?<!\\p{L})(?:${words.join('|')})(?!\\p{L})`, 'u');

const modelWords = rules.modelWords.map((rule) => ({ ...rule, pattern: wholeWords(rule.words) }));
const sourceNames = rules.sourceNames.map((rule) => ({ ...rule, pattern: wholeWords(rule.words) }));

/** Marketing name of a raw device model; the model itself when it is not known, null when there is none. */
export function deviceName(model: string | null | undefined): string | null {
  if (!model) return null;
  return marketingNames.get(model) ?? model;
}

/**
 * Kind of device: from the model (its marketing name first, then the code itself), else from the name of the writing
 * app. `unknown` only without a model; a model that matches nothing is `other`.
 */
export function inferDeviceType(model: string | null | undefined, sourceName?: string | null): DeviceType {
  if (model) return typeOfName(deviceName(model) ?? model) ?? typeOfName(model) ?? typeOfCode(model) ?? 'other';
  const source = plainText(sourceName ?? '');
  return sourceNames.find((rule) => rule.pattern.test(source))?.type ?? 'unknown';
}

/** Device type declared by a phone; null when it says nothing usable and the type must be inferred. */
export const deviceTypeFromPayload = (text: string | null | undefined): DeviceType | null =>
  text && Object.hasOwn(rules.payloadTypes, text) ? (rules.payloadTypes[text] ?? null) : null;

function typeOfName(name: string): DeviceType | undefined {
  const prefixed = rules.modelPrefixes.find((rule) => name.startsWith(rule.prefix));
  if (prefixed) return prefixed.type;
  const text = plainText(name);
  return modelWords.find((rule) => rule.anywhere.some((part) => text.includes(part)) || rule.pattern.test(text))?.type;
}

const typeOfCode = (model: string): DeviceType | undefined =>
  rules.productCodes.find((rule) => model.startsWith(rule.prefix))?.type;

/** Lower case without diacritics. */
const plainText = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
