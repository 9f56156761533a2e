import type { Pause } from '../pause';
import type { Json, WireForm } from '../operation/operation';
import type { Prepared } from './pack';

/** The events in the form in which more of them share a request, where the operation has one and the option is on. */
export async function mergeEvents(
	prepared: Prepared[],
	form: WireForm,
	options: Readonly<Json>,
	pause: Pause,
): Promise<{ prepared: Prepared[]; form: WireForm }> {
	const { merged } = form;
	if (!merged || options[merged.option] !== true) return { prepared, form };
	const wide = merged.form(prepared.map(({ event }) => event));
	const events: Prepared[] = [];
	for (const item of prepared) {
		if (pause.isDue()) await pause.now();
		const encoded = wide.encode(item.event, item.target);
		// What was encoded once is carried by the wider form as well.
		if ('fault' in encoded) return { prepared, form };
		const bytes = Buffer.byteLength(encoded.text);
		events.push({
			...item,
			...encoded,
			batchKey: `${item.target.id}\n${encoded.batchKey}`,
			bytes,
			alone: item,
		});
	}
	return { prepared: events, form: wide };
}

/** What to say where events need more than twice as many requests as in the merged form. */
export async function splitHint(
	prepared: readonly Prepared[],
	form: WireForm,
	requests: number,
	batchSize: number,
	pause: Pause,
): Promise<string | undefined> {
	const { merged } = form;
	if (!merged) return undefined;
	const counts = new Map<string, number>();
	for (const item of prepared) {
		if (pause.isDue()) await pause.now();
		const key = `${item.target.id}\n${merged.batchKey(item.event)}`;
		counts.set(key, (counts.get(key) ?? 0) + item.count);
	}
	const least = [...counts.values()].reduce((sum, count) => sum + Math.ceil(count / batchSize), 0);
	return requests > 2 * least ? merged.hint(requests, least) : undefined;
}
