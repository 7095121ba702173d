import { WireProblem } from './wire-problem.js';

const RULES = 'wire:rules';
type Rule = (dto: never) => string | null;

/** A rule over several fields of a DTO: answers its message when broken. Runs when every field is fine by itself. */
export function WireRule<T>(rule: (dto: T) => string | null): ClassDecorator {
  return (target) => {
    const prototype = target.prototype as object;
    Reflect.defineMetadata(RULES, [...rulesOf(prototype), rule as Rule], prototype);
  };
}

/** `Value error, M` of the first broken rule. */
export function crossFieldProblem(dto: object): WireProblem | null {
  for (const rule of rulesOf(Object.getPrototypeOf(dto) as object)) {
    const message = rule(dto as never);
    if (message !== null) return new WireProblem(`Value error, ${message}`, 'value_error');
  }
  return null;
}

const rulesOf = (prototype: object): readonly Rule[] => (Reflect.getMetadata(RULES, prototype) ?? []) as Rule[];
