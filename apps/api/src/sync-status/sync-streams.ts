import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Admission } from '#libs/identity';
import { SyncFeed, SyncStatusReader, type FollowerLine, type SyncEvent } from '#libs/sync';
import { EventStream, eventText } from '../http/event-stream.js';

const EVENT_NAME = 'sync.status';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Answers that go on: a user's sync events as they happen. */
@Injectable()
export class SyncStreams {
  /** What an event is on the wire, made once for all who follow its user. */
  private readonly texts = new WeakMap<SyncEvent, string>();

  constructor(
    private readonly reader: SyncStatusReader,
    private readonly feed: SyncFeed,
    private readonly admission: Admission,
  ) {}

  /** @throws Failure 404 `User not found`, 503 while there are too many streams */
  async open(userId: string, replay: number, request: Request, response: Response): Promise<void> {
    const user = await this.reader.user(userId);
    if (request.socket.destroyed) return;
    const stream = new EventStream(response);
    if (request.method === 'HEAD') {
      stream.open();
      stream.end();
      return;
    }
    const following = this.feed.follow(user, { replay, after: lastEventId(request) }, this.line(stream, request));
    response.once('close', following.stop).on('drain', following.resume);
    stream.open();
  }

  private line(stream: EventStream, request: Request): FollowerLine {
    return {
      send: (event) => stream.send(this.textOf(event)),
      beat: () => stream.comment('heartbeat'),
      isWelcome: () => this.admission.isStillGood(request),
      end: () => stream.end(),
      cut: () => stream.cut(),
    };
  }

  private textOf(event: SyncEvent): string {
    const known = this.texts.get(event);
    if (known !== undefined) return known;
    const text = eventText(event.event_id, EVENT_NAME, event);
    this.texts.set(event, text);
    return text;
  }
}

/** Anything that is no event id is as good as none: the normal replay. */
function lastEventId(request: Request): string | null {
  const id = request.get('Last-Event-ID')?.trim() ?? '';
  return UUID.test(id) ? id : null;
}
