import { WireUuid } from '../http/wire/wire.js';

/** `/developers/{developer_id}` */
export class DeveloperPath {
  @WireUuid()
  developerId!: string;
}
