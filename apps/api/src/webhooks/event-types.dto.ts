import { Shown } from '../http/shown.js';
import { WireBool, WireString } from '../http/wire/wire.js';

export class EventTypesQuery {
  @WireBool({ default: false, description: 'Also the types that only endpoints get that name them' })
  additional!: boolean;
}

export class EventTypePath {
  @WireString()
  name!: string;
}

export class EventTypeAnswer {
  @Shown.text()
  name!: string;

  @Shown.text()
  description!: string;

  @Shown.listOf('string', { nullable: true, description: 'Events of single series; null but for group events' })
  child_events!: string[] | null;
}

export class EventTypeDetailAnswer extends EventTypeAnswer {
  @Shown.flag({ description: 'Only endpoints get it whose filter names it' })
  additional!: boolean;

  @Shown.json({ description: 'JSON schema of a payload' })
  schema!: object;

  @Shown.json({ description: 'A payload, made up' })
  example!: object;
}
