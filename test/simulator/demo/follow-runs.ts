/** What the demo shows of a sync event. */
interface ShownEvent {
  readonly run_id: string;
  readonly provider: string;
  readonly stage: string;
  readonly status: string;
  readonly message: string | null;
}

const OVER = ['completed', 'failed', 'cancelled'];

/** Shows a user's sync events as the live stream tells them, until `runs` runs are over. */
export async function followRuns(
  url: string,
  apiKey: string,
  runs: number,
  show: (line: string) => void,
): Promise<void> {
  const answer = await fetch(url, { headers: { 'X-API-Key': apiKey } });
  const over = new Set<string>();
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop()!;
    for (const event of frames.flatMap(eventOf)) {
      show(`  ${event.provider.padEnd(8)}${event.stage.padEnd(12)}${event.message ?? ''}`);
      if (OVER.includes(event.stage)) over.add(event.run_id);
    }
    if (over.size >= runs) return;
  }
}

function eventOf(frame: string): ShownEvent[] {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  return data === undefined ? [] : [JSON.parse(data) as ShownEvent];
}
