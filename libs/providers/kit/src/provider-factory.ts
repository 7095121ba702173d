import { badRequest, PROVIDERS } from '#libs/model';
import type { ProviderStrategy } from './provider-strategy.js';

/** All providers of this installation, one instance each. */
export class ProviderFactory {
  private readonly byCode: ReadonlyMap<string, ProviderStrategy>;

  /** @throws Error when two strategies share a code. */
  constructor(strategies: readonly ProviderStrategy[]) {
    this.byCode = new Map(strategies.map((strategy) => [strategy.code, strategy]));
    if (this.byCode.size !== strategies.length) throw new Error('Two provider strategies share a code');
  }

  /** Exact, case-sensitive. @throws Failure 400 `Unknown provider: {code}`. */
  get(code: string): ProviderStrategy {
    const strategy = this.byCode.get(code);
    if (!strategy) throw badRequest(`Unknown provider: ${code}`);
    return strategy;
  }

  has(code: string): boolean {
    return this.byCode.has(code);
  }

  /** In the order in which the API lists providers. */
  all(): readonly ProviderStrategy[] {
    return PROVIDERS.flatMap((code) => this.byCode.get(code) ?? []);
  }
}
