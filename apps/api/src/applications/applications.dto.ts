import type { ApplicationView, ApplicationWithSecret } from '#libs/identity';
import { Shown } from '../http/shown.js';
import { WireString } from '../http/wire/wire.js';

export class ApplicationAnswer implements ApplicationView {
  @Shown.uuid()
  id!: string;

  @Shown.text()
  app_id!: string;

  @Shown.text()
  name!: string;

  @Shown.timestamp()
  created_at!: string;
}

export class ApplicationSecretAnswer extends ApplicationAnswer implements ApplicationWithSecret {
  @Shown.text({ description: 'In this answer only' })
  app_secret!: string;
}

/** `/applications/{app_id}` */
export class ApplicationPath {
  @WireString()
  appId!: string;
}

export class ApplicationBody {
  @WireString({ max: 100 })
  name!: string;
}
