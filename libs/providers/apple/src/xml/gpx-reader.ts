import { SaxesParser } from 'saxes';
import { parseIsoInstant, type RoutePointInput } from '#libs/model';

const MOST_POINTS = 200_000;

interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly texts: Map<string, string>;
}

/** Reads the track points of a GPX file piece by piece. Points without a place on earth are left out. */
export class GpxReader {
  readonly points: RoutePointInput[] = [];
  private readonly parser = new SaxesParser({ xmlns: false });
  private place: Place | null = null;
  private text = '';

  constructor() {
    this.parser.on('error', () => undefined);
    this.parser.on('opentag', ({ name, attributes }) => {
      this.text = '';
      if (name !== 'trkpt') return;
      const { lat, lon } = attributes as Record<string, string | undefined>;
      this.place = { latitude: numberOf(lat), longitude: numberOf(lon), texts: new Map() };
    });
    this.parser.on('text', (text) => {
      if (this.place) this.text += text;
    });
    this.parser.on('closetag', ({ name }) => this.close(name));
  }

  /** All that is read of it is ASCII. */
  write(bytes: Buffer): void {
    this.parser.write(bytes.toString('latin1'));
  }

  private close(name: string): void {
    if (this.place === null) return;
    if (name !== 'trkpt') this.place.texts.set(name, this.text.trim());
    else {
      const point = routePoint(this.place);
      if (point && this.points.length < MOST_POINTS) this.points.push(point);
      this.place = null;
    }
    this.text = '';
  }
}

const numberOf = (text: string | undefined): number => (text?.trim() ? Number(text) : NaN);

function routePoint({ latitude, longitude, texts }: Place): RoutePointInput | null {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  const number = (name: string): number | null => {
    const value = numberOf(texts.get(name));
    return Number.isFinite(value) ? value : null;
  };
  return {
    at: parseIsoInstant(texts.get('time') ?? ''),
    latitude,
    longitude,
    altitudeMeters: number('ele'),
    horizontalAccuracyMeters: number('hAcc'),
  };
}
