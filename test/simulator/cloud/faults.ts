import { chance } from '../people/chance.js';

/** What can go wrong with an answer. `revoked`: the token is refused for good. */
export const FAULT_KINDS = ['429', '500', 'slow', 'cut', 'garbage', 'unauthorized', 'revoked'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What can go wrong on a delivery's way. */
export const DELIVERY_FAULT_KINDS = ['duplicate', 'reorder'] as const;
export type DeliveryFaultKind = (typeof DELIVERY_FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind | DeliveryFaultKind;
  /** Only answers whose path holds this text. */
  readonly path?: string;
  /** Share of the answers it happens to; default all. */
  readonly share?: number;
  /** Ends after so many times; default never. */
  readonly times?: number;
  /** Only `slow`. */
  readonly delayMs?: number;
  /** Only `429`. */
  readonly retryAfterSeconds?: number;
}

/** The faults of one vendor. What happens is decided by seed and count, not by the clock. */
export class Faults {
  readonly counts: Record<string, number> = {};
  private rules: { readonly fault: Fault; left: number }[] = [];
  private asked = 0;

  constructor(private readonly seed: string) {}

  set(faults: readonly Fault[]): void {
    this.rules = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }));
  }

  /** The fault that strikes a call to this path, if one does. */
  strike(path: string): Fault | null {
    return this.find((fault) => isAnswerFault(fault) && path.includes(fault.path ?? ''));
  }

  /** Whether this happens to the next delivery. */
  strikesDelivery(kind: DeliveryFaultKind): boolean {
    return this.find((fault) => fault.kind === kind) !== null;
  }

  private find(fits: (fault: Fault) => boolean): Fault | null {
    for (const rule of this.rules) {
      if (rule.left <= 0 || !fits(rule.fault)) continue;
      if (chance(this.seed, rule.fault.kind, this.asked++) >= (rule.fault.share ?? 1)) continue;
      rule.left--;
      this.counts[rule.fault.kind] = (this.counts[rule.fault.kind] ?? 0) + 1;
      return rule.fault;
    }
    return null;
  }
}

const isAnswerFault = ({ kind }: Fault): boolean => (FAULT_KINDS as readonly string[]).includes(kind);
