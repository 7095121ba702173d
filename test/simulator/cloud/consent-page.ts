import type { Account } from './account.js';
import type { Answer } from './exchange.js';

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Where somebody says which of the simulated people they are. Every button posts the form back. */
export function consentPage(vendor: string, accounts: readonly Account[], query: URLSearchParams): Answer {
  const hidden = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  );
  const buttons = accounts.map(
    ({ number, id }) =>
      `<p><button name="person" value="${number}">Allow as person ${number} (${escape(id)})</button></p>`,
  );
  const body = `<!doctype html><title>${vendor}, simulated</title>
<h1>${vendor}, simulated</h1>
<p>An application asks for: ${escape(query.get('scope') ?? 'everything')}</p>
<form method="post">${hidden.join('')}${buttons.join('')}<p><button name="person" value="">Refuse</button></p></form>`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}
