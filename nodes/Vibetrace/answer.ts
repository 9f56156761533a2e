import { parseJson } from '../engine';

const NAME = '[A-Za-z_$][0-9A-Za-z_$.]*';
/** `vt({…});`, also behind the guards that servers put in front of it. */
const CALL = new RegExp(
	`^(?:/\\*\\*/)?\\s*(?:typeof\\s+(${NAME})\\s*===?\\s*(['"])function\\2\\s*&&\\s*)?(${NAME})\\s*\\(([^]*)\\)\\s*;?$`,
);

/** Reads an answer as JSON, else as a call with JSON inside; nothing of it is ever run. Undefined: neither. */
export function parseAnswer(text: string): unknown {
	const plain = parseJson(text)?.parsed;
	if (plain !== undefined) return plain;
	const call = CALL.exec(text.trim());
	if (!call || (call[1] !== undefined && call[1] !== call[3])) return undefined;
	return parseJson(call[4] ?? '')?.parsed;
}
