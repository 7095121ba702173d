/** An instant as the database gives it (`Z`) in the form of payloads and history: `+00:00`. */
export const wireTime = (instant: string): string => instant.replace(/Z$/, '+00:00');
