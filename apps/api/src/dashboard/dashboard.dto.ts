import type { DashboardStats } from '#libs/read';
import { Shown } from '../http/shown.js';

class CountShown {
  @Shown.int()
  count!: number;
}

class PointsShown extends CountShown {
  @Shown.int({ description: 'Daily rollups whose samples were dropped' })
  archived!: number;
}

class EventsShown extends CountShown {
  @Shown.int()
  workouts!: number;

  @Shown.int()
  sleep!: number;

  @Shown.int()
  menstrual_cycles!: number;
}

class ProviderCountShown extends CountShown {
  @Shown.text()
  provider!: string;
}

class CoverageShown {
  @Shown.int()
  users_with_active!: number;

  @Shown.int()
  users_with_multi_active!: number;

  @Shown.list(() => ProviderCountShown, { description: 'At most six' })
  top_providers!: ProviderCountShown[];
}

export class DashboardStatsAnswer implements DashboardStats {
  @Shown.object(() => CountShown)
  total_users!: CountShown;

  @Shown.object(() => CountShown)
  active_conn!: CountShown;

  @Shown.object(() => PointsShown)
  data_points!: PointsShown;

  @Shown.object(() => EventsShown)
  event_records!: EventsShown;

  @Shown.object(() => CoverageShown)
  connections_coverage!: CoverageShown;
}

export class ConfigAnswer {
  @Shown.flag({ description: 'Whether this installation calls webhooks' })
  outgoing_webhooks_enabled!: boolean;
}
