import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/identity';
import { notFound } from '#libs/model';
import { ADDITIONAL_EVENT_TYPES, EVENT_TYPES, eventSchema, eventType, type EventType } from '#libs/webhooks';
import { Answer, Operation } from '../http/answer.js';
import { EventTypeAnswer, EventTypeDetailAnswer, EventTypePath, EventTypesQuery } from './event-types.dto.js';

/** What integrators can hear of. */
@ApiTags('External: Webhooks')
@Controller('webhooks/event-types')
@Public()
export class EventTypesController {
  @Get()
  @Operation('list_event_types')
  @Answer([EventTypeAnswer])
  list(@Query() { additional }: EventTypesQuery): EventTypeAnswer[] {
    return [...EVENT_TYPES, ...(additional ? ADDITIONAL_EVENT_TYPES : [])].map(shown);
  }

  @Get(':name')
  @Operation('get_event_type', 'One type with the JSON schema of its payload and an example.')
  @Answer(EventTypeDetailAnswer)
  show(@Param() { name }: EventTypePath): EventTypeDetailAnswer {
    const type = eventType(name);
    if (!type) throw notFound('Event type not found');
    const { name: shownName, description, child_events } = shown(type);
    const facts = { additional: !type.isUsual, schema: eventSchema(type), example: type.example };
    return { name: shownName, description, child_events, ...facts };
  }
}

const shown = ({ name, description, childEvents }: EventType): EventTypeAnswer => ({
  name,
  description,
  child_events: childEvents && [...childEvents],
});
