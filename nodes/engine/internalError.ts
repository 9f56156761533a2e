/** A frame of V8's stack: the function, if it has a name, and the place in a file. */
const FRAME = /^\s*at (?:(?:async |new )?([\w$.<>]+)[^()]* \()?(?:.*[\\/])?([\w.-]+):(\d+):\d+\)?$/;

/**
 * What the authors of the node need to know about a bug: its kind and its place in the code, e.g.
 * `TypeError in encode, vendor.js:31`. Not its message, which may quote a user's value.
 */
export function placeOf(error: unknown): string {
	if (!(error instanceof Error)) return `a thrown ${typeof error}`;
	const name = /^\w{1,40}$/.test(error.name) ? error.name : 'Error';
	const { stack = '', message } = error;
	const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
	const found = FRAME.exec(frames.split('\n').find((line) => FRAME.test(line)) ?? '');
	if (!found) return name;
	const [, code, file, line] = found;
	return `${name} ${code ? `in ${code}, ` : 'at '}${file}:${line}`;
}

/** `what`: what came of it, as a clause that has the error as its subject. */
export const internalErrorMessage = (what: string, error: unknown): string =>
	`An internal error of this node ${what} (${placeOf(error)}); please report it to the authors of this node`;
