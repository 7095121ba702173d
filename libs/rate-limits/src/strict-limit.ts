import { SetMetadata } from '@nestjs/common';

interface StrictRule {
  /** Tries per minute and address, in multiples of RATE_LIMIT_ATTEMPTS. */
  readonly factor: number;
  /** Field of the body that names whom the tries are about; they are counted together, whatever address they come from. */
  readonly subject?: string;
}

/** What is guessed at, or costs somebody a mail. Phones behind one address all refresh their tokens. */
export const STRICT_RULES = {
  login: { factor: 1, subject: 'username' },
  redeem: { factor: 1, subject: 'code' },
  refresh: { factor: 6 },
  token: { factor: 6 },
  invitation: { factor: 1 },
  'password-reset': { factor: 0.5, subject: 'email' },
} as const satisfies Record<string, StrictRule>;

export type StrictLimitName = keyof typeof STRICT_RULES;

const STRICT_LIMIT = 'rate-limits:strict';

/** Few requests per minute and address; routes of the same name share them. */
export const StrictLimit = (name: StrictLimitName): MethodDecorator => SetMetadata(STRICT_LIMIT, name);

/** The rule of a route, if it has one. */
export function strictRuleOf(handler: object): (StrictRule & { readonly name: StrictLimitName }) | undefined {
  const name = Reflect.getMetadata(STRICT_LIMIT, handler) as StrictLimitName | undefined;
  return name === undefined ? undefined : { name, ...STRICT_RULES[name] };
}
