import type { AppConfig } from '#libs/config';

/** The settings that say how long sessions last. Days; 0 is without end. */
export type LifetimeSettings = Pick<
  AppConfig,
  'developerIdleDays' | 'developerSessionDays' | 'sdkIdleDays' | 'sdkSessionDays'
>;

export interface Lifetimes {
  /** A refresh token that is not used for so long ends the session. */
  readonly idleDays: number;
  /** A session ends so long after it began, however often it is refreshed. */
  readonly sessionDays: number;
}

export function lifetimesOf(kind: 'developer' | 'sdk', settings: LifetimeSettings): Lifetimes {
  return kind === 'developer'
    ? { idleDays: settings.developerIdleDays, sessionDays: settings.developerSessionDays }
    : { idleDays: settings.sdkIdleDays, sessionDays: settings.sdkSessionDays };
}

const DAY_MS = 86_400_000;

/** `days` after `now`; null when they are 0. */
export const daysAfter = (now: Date, days: number): Date | null =>
  days === 0 ? null : new Date(now.getTime() + days * DAY_MS);
