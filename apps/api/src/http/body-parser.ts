import express, { type Request, type RequestHandler } from 'express';
import { badRequest, Failure } from '#libs/model';

/** Routes that read their own body: it may be larger than what is parsed here, and is stored as it came. */
const RAW_BODY_ROUTES = [
  /^\/api\/v1\/sdk\/users\/[^/]+\/sync\/?$/,
  /^\/api\/v1\/users\/[^/]+\/import\/apple\/xml\/direct\/?$/,
  /^\/api\/v1\/uploads\/[^/]+\/?$/,
];
/** Routes whose bodies are signed: they are read whole and left as bytes. */
const SIGNED_ROUTES = [/^\/api\/v1\/providers\/[^/]+\/webhooks\/?$/];
const SIGNED_BYTES = 16 * 1024 * 1024;
const JSON_TYPE = /^(application\/json|[^/;]+\/[^;]*\+json)\s*(;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const MAX_DEPTH = 100;

/**
 * Parses bodies up to `limitBytes` (after gzip): JSON types as JSON, forms as an object of text, anything else stays
 * text. No body is undefined. Malformed JSON answers 400 here, before any credential is looked at.
 */
export function bodyParser(limitBytes: number): RequestHandler {
  const readBytes = express.raw({ type: () => true, limit: limitBytes, inflate: true });
  const readSigned = express.raw({ type: () => true, limit: SIGNED_BYTES, inflate: true });
  return (request, response, next) => {
    if (request.method === 'POST' && SIGNED_ROUTES.some((route) => route.test(request.path))) {
      readSigned(request, response, (error?: unknown) => next(error ? readFailure(error) : undefined));
      return;
    }
    if (keepsRawBody(request)) {
      next();
      return;
    }
    readBytes(request, response, (error?: unknown) => {
      if (error) return next(readFailure(error));
      try {
        request.body = parse(request.headers['content-type'] ?? '', request.body as unknown);
        next();
      } catch (failure) {
        next(failure);
      }
    });
  };
}

function keepsRawBody(request: Request): boolean {
  const isMultipart = request.headers['content-type']?.toLowerCase().startsWith('multipart/') === true;
  return isMultipart || RAW_BODY_ROUTES.some((route) => route.test(request.path));
}

function readFailure(error: unknown): Failure {
  const { status } = error as { status?: number };
  if (status === 413) return new Failure(413, 'Request body too large', { cause: error });
  return new Failure(400, 'There was an error parsing the body', { cause: error });
}

function parse(contentType: string, bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  if (JSON_TYPE.test(contentType)) return parseJson(bytes);
  const text = bytes.toString('utf8');
  return FORM_TYPE.test(contentType) ? Object.fromEntries(new URLSearchParams(text)) : text;
}

function parseJson(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Failure(400, `JSON decode error - ${(error as Error).message}`, { cause: error });
  }
  if (nestsDeeperThan(value, MAX_DEPTH)) throw badRequest('JSON decode error - nested too deeply');
  return value;
}

/** Level by level, so that the check itself cannot exhaust the stack. */
function nestsDeeperThan(value: unknown, depth: number): boolean {
  let level = [value];
  for (let levels = 0; level.length > 0; levels++) {
    if (levels > depth) return true;
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
