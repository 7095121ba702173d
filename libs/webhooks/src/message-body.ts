/** What is sent and signed, byte for byte. `data`: compact JSON; null when it was not kept. */
export const messageBody = (eventType: string, data: string | null): string =>
  data === null ? '{"expired":true}' : `{"type":${JSON.stringify(eventType)},"data":${data}}`;
