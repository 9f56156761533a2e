import { sleep } from 'n8n-workflow';

/** Work without a pause that is long enough to be felt by others in the same process. Milliseconds. */
const PAUSE_AFTER = 20;

/** Lets other work in the process have its turn during long loops. */
export interface Pause {
	now: () => Promise<void>;
	/** Looks at the clock only, unless the last pause is long ago. */
	ifDue: () => Promise<void>;
}

export function createPause(): Pause {
	let last = performance.now();
	const now = async () => {
		await sleep(0);
		last = performance.now();
	};
	return {
		now,
		ifDue: async () => {
			if (performance.now() - last >= PAUSE_AFTER) await now();
		},
	};
}
