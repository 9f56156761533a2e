import { sleep } from 'n8n-workflow';

/** Work without a pause that is long enough to be felt by others in the same process. Milliseconds. */
const PAUSE_AFTER = 20;

/** Lets other work in the process have its turn during long loops. */
export interface Pause {
	now: () => Promise<void>;
	/** Whether the last pause is long ago. For loops over all items: a promise for each costs more than this look. */
	isDue: () => boolean;
	/** Pauses where that is due. */
	ifDue: () => Promise<void>;
}

export function createPause(): Pause {
	let last = performance.now();
	const now = async () => {
		await sleep(0);
		last = performance.now();
	};
	const isDue = () => performance.now() - last >= PAUSE_AFTER;
	return {
		now,
		isDue,
		ifDue: async () => {
			if (isDue()) await now();
		},
	};
}
