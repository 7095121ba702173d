const SECRET_PARAMETERS =
  /^(code|state|token|.*_token|.*secret.*|.*key|password|email|search|hub\..*|signature|oauth_.*|external_user_id)$/i;
const SECRET_TEXT = /(sk|rt|app|secret)[-_][0-9a-f]{32,64}/gi;

/** A request target fit for the log: no keys or tokens in the path, no secrets or personal data in the query. */
export function redactTarget(target: string): string {
  const cut = target.indexOf('?');
  const path = (cut < 0 ? target : target.slice(0, cut)).replace(SECRET_TEXT, '$1-[redacted]');
  if (cut < 0) return path;
  const query = target
    .slice(cut + 1)
    .split('&')
    .map(redactPair);
  return `${path}?${query.join('&')}`;
}

function redactPair(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  if (SECRET_PARAMETERS.test(decoded(name))) return `${name}=[redacted]`;
  return pair.replace(SECRET_TEXT, '$1-[redacted]');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return 'token';
  }
}
