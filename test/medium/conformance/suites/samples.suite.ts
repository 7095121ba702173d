import { describe, expect, it } from '@jest/globals';
import { CasePlayer } from '../case-player.js';
import { generatedCases } from '../generated-cases.js';
import { PROFILES } from '../profiles.js';
import type { CloudStrategy } from '../providers.js';
import { caseIds } from '../sample-case.js';
import { SAMPLES, type World } from '../world.js';

/** Every case of the provider's file, and those that every provider has. */
export function describeSamples(strategy: CloudStrategy, world: () => World): void {
  const { code } = strategy;
  const samples = SAMPLES.get(code)!;
  const profile = PROFILES[code]!;
  const generated = generatedCases(strategy, samples, profile);
  const executed: string[] = [];

  describe('cases', () => {
    it.each([...samples.cases, ...generated].map((one) => [one.id, one] as const))('%s', async (id, one) => {
      await world().platform.forgetBudgets();
      await new CasePlayer(world(), strategy, profile, samples.cases).play(one);
      executed.push(id);
    });

    it('were all executed, each once', () => {
      expect(executed).toEqual([...caseIds(code), ...generated.map(({ id }) => id)]);
      expect(generated.length).toBeGreaterThanOrEqual(5);
    });
  });
}
