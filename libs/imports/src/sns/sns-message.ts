import { badRequest } from '#libs/model';

const REQUIRED = [
  'Type',
  'MessageId',
  'TopicArn',
  'Message',
  'Timestamp',
  'Signature',
  'SignatureVersion',
  'SigningCertURL',
] as const;
const OPTIONAL = ['Token', 'SubscribeURL', 'Subject', 'UnsubscribeURL'] as const;

/** What Amazon SNS posts. */
export type SnsMessage = { readonly [K in (typeof REQUIRED)[number]]: string } & {
  readonly [K in (typeof OPTIONAL)[number]]?: string;
};

/** @throws Failure 400 unless the body is one, as JSON text or as an object */
export function readSnsMessage(body: unknown): SnsMessage {
  const value = typeof body === 'string' ? parsed(body) : body;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('Input should be a valid dictionary');
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name of REQUIRED) {
    if (fields[name] === undefined) throw badRequest(`${name}: Field required`);
    if (typeof fields[name] !== 'string') throw badRequest(`${name}: Input should be a valid string`);
  }
  const texts = [...REQUIRED, ...OPTIONAL].flatMap((name) => {
    const text = fields[name];
    if (text === undefined || text === null) return [];
    if (typeof text !== 'string') throw badRequest(`${name}: Input should be a valid string`);
    return [[name, text] as const];
  });
  return Object.fromEntries(texts) as SnsMessage;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`JSON decode error - ${(error as Error).message}`);
  }
}
