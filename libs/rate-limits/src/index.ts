/** How often whom is answered: strict where secrets could be guessed, generous for known callers. */
export { RateLimitsModule } from './rate-limits.module.js';
export { CallerBudgets } from './caller-budgets.js';
export { SharedWindows } from './shared-windows.js';
export { StrictLimit, type StrictLimitName } from './strict-limit.js';
