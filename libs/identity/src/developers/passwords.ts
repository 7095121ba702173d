import { availableParallelism } from 'node:os';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { badRequest, Failure } from '#libs/model';

export const MIN_PASSWORD_CHARACTERS = 8;
export const MAX_PASSWORD_BYTES = 1024;

/** The first recommendation of OWASP for argon2id with little memory: 19 MiB, two passes, one lane. */
const COST = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** argon2id in its encoded form. Runs off the event loop. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST);

/** @throws Failure 400 for a password that is too short or too long */
export function checkedPassword(password: string): string {
  if ([...password].length < MIN_PASSWORD_CHARACTERS) {
    throw badRequest(`String should have at least ${MIN_PASSWORD_CHARACTERS} characters`);
  }
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    throw badRequest(`Value error, a password has at most ${MAX_PASSWORD_BYTES} bytes`);
  }
  return password;
}

/** Hash of a password that nobody knows, at the cost of all others: what is compared when nobody has the address. */
const STRANGER = '$argon2id$v=19$m=19456,t=2,p=1$DJLOuFRPORSW1kwm+EZxJQ$wr87HPxNR77u4BBHeId6yZtS5ChdybVMBhKI7EsLmGE';

/** One core stays free for everybody else. */
const AT_ONCE = Math.max(1, Math.min(4, availableParallelism() - 1));
const WAITING_AT_MOST = 200;

/** Hashes passwords, a few at a time, so that a flood of logins costs nobody else their answer. */
@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** @throws Failure 429 when too many are waiting */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hashPassword(password));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (nobody has that address) it takes as long and is
   * false.
   * @throws Failure 429 when too many are waiting
   */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const isRight = await this.inTurn(() => this.compare(passwordHash ?? STRANGER, password));
    return isRight && passwordHash !== null;
  }

  protected compare(passwordHash: string, password: string): Promise<boolean> {
    return verify(passwordHash, password);
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < AT_ONCE) this.running++;
    else await this.turn();
    try {
      return await work();
    } finally {
      // Whoever waits takes over this turn; only without one it is given back.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= WAITING_AT_MOST) {
      throw new Failure(429, 'Too many login attempts, try again later', { headers: { 'Retry-After': '5' } });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
