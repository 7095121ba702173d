import { Injectable } from '@nestjs/common';
import { Failure } from '#libs/model';
import type { TokenPair } from '../sessions/session.js';
import { Sessions } from '../sessions/sessions.service.js';
import { DevelopersRepository } from './developers.repository.js';
import { MAX_PASSWORD_BYTES, PasswordHasher } from './passwords.js';

/** Logging in with email and password. */
@Injectable()
export class Logins {
  constructor(
    private readonly developers: DevelopersRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Opens a session. An address that nobody has takes as long as a wrong password.
   * @param email in any case
   * @throws Failure 401 for whatever is wrong, 429 when too many log in at once
   */
  async login(email: string | undefined, password: string | undefined, now: Date): Promise<TokenPair> {
    if (!email || !password || email.includes('\0') || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
      throw incorrect();
    }
    const developer = await this.developers.login(email.trim());
    if (!(await this.hasher.verify(developer?.password_hash ?? null, password)) || !developer) throw incorrect();
    return this.sessions.open({ kind: 'developer', developerId: developer.id }, now);
  }
}

const incorrect = (): Failure =>
  new Failure(401, 'Incorrect email or password', { headers: { 'WWW-Authenticate': 'Bearer' } });
