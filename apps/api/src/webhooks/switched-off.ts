/** Error that every managing route may give. */
export const SWITCHED_OFF = { 503: 'Outgoing webhooks are not enabled' } as const;
