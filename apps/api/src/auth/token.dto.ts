import type { TokenPair } from '#libs/identity';
import { Shown } from '../http/shown.js';

export class TokenAnswer implements TokenPair {
  @Shown.text({ description: 'For `Authorization: Bearer`' })
  access_token!: string;

  @Shown.oneOf(['bearer'])
  token_type!: 'bearer';

  @Shown.text({ description: 'For `POST /token/refresh`; works once' })
  refresh_token!: string;

  @Shown.int({ description: 'Life of the access token in seconds' })
  expires_in!: number;
}

export class MessageAnswer {
  @Shown.text()
  message!: string;
}
