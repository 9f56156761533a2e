import type { Pause } from './pause';

/** Work that takes long for some values, in steps between which others in the process may have their turn. */
export type Steps<Result> = Generator<void, Result>;

/** The result of work in one go. */
export function completed<Result>(steps: Steps<Result>): Result {
	let step = steps.next();
	while (!step.done) step = steps.next();
	return step.value;
}

/** The result of work with pauses between its steps, where they are due. */
export async function withPauses<Result>(
	steps: Steps<Result>,
	pause: Pick<Pause, 'isDue' | 'now'>,
): Promise<Result> {
	let step = steps.next();
	for (; !step.done; step = steps.next()) if (pause.isDue()) await pause.now();
	return step.value;
}
