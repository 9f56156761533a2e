import type { Pause } from './pause';

/** Work that takes long for some values, in steps between which others in the process may have their turn. */
export type Steps<Result> = Generator<void, Result>;

/** The result of work in one go. */
export function completed<Result>(steps: Steps<Result>): Result {
	let step = steps.next();
	while (!step.done) step = steps.next();
	return step.value;
}

/** The result of work with pauses between its steps, where they are due. A promise only then: one for each item costs time. */
export function withPauses<Result>(
	steps: Steps<Result>,
	pause: Pick<Pause, 'isDue' | 'now'>,
): Result | Promise<Result> {
	let step = steps.next();
	for (; !step.done; step = steps.next()) if (pause.isDue()) return afterPause(steps, pause);
	return step.value;
}

async function afterPause<Result>(
	steps: Steps<Result>,
	pause: Pick<Pause, 'isDue' | 'now'>,
): Promise<Result> {
	await pause.now();
	return await withPauses(steps, pause);
}
