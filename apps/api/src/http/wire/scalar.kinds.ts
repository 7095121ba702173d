import type { Kind } from './kind.js';
import { WireProblem } from './wire-problem.js';

export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number; `"5"`, `" 5 "`, `5.0` and `true` (1) are accepted. */
export function integer(bounds: NumberBounds = {}): Kind<number> {
  return {
    schema: { type: 'integer', minimum: bounds.min, maximum: bounds.max },
    read: (raw) => {
      const value = readInteger(raw);
      return value instanceof WireProblem ? value : withinBounds(value, bounds);
    },
  };
}

/** A finite number; numeric text is accepted. */
export function decimal(bounds: NumberBounds = {}): Kind<number> {
  return {
    schema: { type: 'number', minimum: bounds.min, maximum: bounds.max },
    read: (raw) => {
      const value = readDecimal(raw);
      return value instanceof WireProblem ? value : withinBounds(value, bounds);
    },
  };
}

const TRUE_WORDS = new Set(['true', '1', 'yes', 'y', 'on', 't']);
const FALSE_WORDS = new Set(['false', '0', 'no', 'n', 'off', 'f']);

/** true/1/yes/y/on/t and false/0/no/n/off/f in any case. */
export function flag(): Kind<boolean> {
  return {
    schema: { type: 'boolean' },
    read: (raw) => {
      if (typeof raw === 'boolean') return raw;
      const word = typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim().toLowerCase() : '';
      if (TRUE_WORDS.has(word)) return true;
      if (FALSE_WORDS.has(word)) return false;
      return new WireProblem('Input should be a valid boolean, unable to interpret input', 'bool_parsing');
    },
  };
}

/** One of a closed set of words, compared exactly. */
export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  const quoted = values.map((value) => `'${value}'`);
  const listed =
    quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted[quoted.length - 1]}`;
  return {
    schema: { type: 'string', enum: [...values] },
    read: (raw) => values.find((value) => value === raw) ?? new WireProblem(`Input should be ${listed}`, 'enum'),
  };
}

function readInteger(raw: unknown): number | WireProblem {
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  if (typeof raw === 'number') {
    if (Number.isSafeInteger(raw)) return raw === 0 ? 0 : raw;
    return Number.isInteger(raw)
      ? new WireProblem('Input should be a valid integer', 'int_type')
      : new WireProblem('Input should be a valid integer, got a number with a fractional part', 'int_from_float');
  }
  if (typeof raw !== 'string') return new WireProblem('Input should be a valid integer', 'int_type');
  const text = raw.trim();
  const value = Number(text);
  if (/^[+-]?\d+(\.0*)?$/.test(text) && Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return new WireProblem('Input should be a valid integer, unable to parse string as an integer', 'int_parsing');
}

function readDecimal(raw: unknown): number | WireProblem {
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  if (typeof raw !== 'number' && typeof raw !== 'string') {
    return new WireProblem('Input should be a valid number', 'float_type');
  }
  const text = String(raw).trim();
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    return new WireProblem('Input should be a valid number, unable to parse string as a number', 'float_parsing');
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : new WireProblem('Input should be a finite number', 'finite_number');
}

function withinBounds(value: number, { min, max }: NumberBounds): number | WireProblem {
  if (min !== undefined && value < min) {
    return new WireProblem(`Input should be greater than or equal to ${min}`, 'greater_than_equal');
  }
  if (max !== undefined && value > max) {
    return new WireProblem(`Input should be less than or equal to ${max}`, 'less_than_equal');
  }
  return value;
}
