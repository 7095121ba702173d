import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { JsonObject } from '#libs/model';
import type { Paged } from '../paging/page.js';
import type { SqlParameters } from '../sql-parameters.js';
import { type EventListQuery, eventPage } from './event-list.js';
import { findEvent } from './event-page.repository.js';
import { type RouteFeature, routeFeature, type StoredRoutePoint } from './route-feature.js';
import {
  WORKOUT_DETAIL_SHAPE,
  WORKOUT_SHAPE,
  type WorkoutDetailRow,
  type WorkoutDetailView,
  workoutDetailView,
  type WorkoutRow,
  type WorkoutView,
  workoutView,
} from './workout-view.js';

export interface WorkoutListQuery extends EventListQuery {
  /** Text that the type contains, in any case; null or empty = all. */
  readonly recordType: string | null;
}

const TRACK_SQL = `
  SELECT t.route, t.samples
  FROM event e
  LEFT JOIN workout_track t ON t.user_key = e.user_key AND t.event_id = e.id
  WHERE e.user_key = (SELECT key FROM users WHERE id = $1) AND e.id = $2 AND e.category = 'workout'`;

interface TrackRow {
  route: StoredRoutePoint[] | null;
  samples: JsonObject[] | null;
}

/** Workouts of a user; ids of other users or categories are not found. */
@Injectable()
export class WorkoutReader {
  constructor(private readonly db: Database) {}

  page(userId: string, query: WorkoutListQuery): Promise<Paged<WorkoutView>> {
    const { recordType } = query;
    const narrow = recordType ? (parameters: SqlParameters) => typeContains(parameters, recordType) : undefined;
    return eventPage<WorkoutRow, WorkoutView>(this.db, WORKOUT_SHAPE, userId, query, { narrow }, workoutView);
  }

  async one(userId: string, workoutId: string): Promise<WorkoutDetailView | null> {
    const row = await findEvent<WorkoutDetailRow>(this.db, WORKOUT_DETAIL_SHAPE, userId, workoutId);
    return row && workoutDetailView(row);
  }

  /** The track as GeoJSON; `undefined` for an unknown workout, null for one without a track. */
  async route(userId: string, workoutId: string): Promise<RouteFeature | null | undefined> {
    const track = await this.track(userId, workoutId);
    return track && routeFeature(workoutId, track.route ?? []);
  }

  /** In-workout samples as delivered, an empty list when there are none; null for an unknown workout. */
  async samples(userId: string, workoutId: string): Promise<readonly JsonObject[] | null> {
    const track = await this.track(userId, workoutId);
    return track ? (track.samples ?? []) : null;
  }

  private async track(userId: string, workoutId: string): Promise<TrackRow | undefined> {
    const [row] = await this.db.query<TrackRow>(TRACK_SQL, [userId, workoutId]);
    return row;
  }
}

/** Plain text comparison: `%` and `_` stand for themselves. */
const typeContains = (parameters: SqlParameters, text: string): string =>
  `position(lower(${parameters.add(text)}::text) IN lower(e.type)) > 0`;
